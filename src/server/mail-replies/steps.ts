/** What a body stands for, piece by piece. A piece may be empty */
export type Steps = Generator<Uint8Array, void, undefined>

/** Bytes of a body that are decoded at a time */
export const STEP = 65_536
