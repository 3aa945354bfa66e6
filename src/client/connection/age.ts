/**
 * How long ago something was (ms), by the clock of this machine. People and time servers set it back too: then it seems to lie ahead, and
 * must not stay young until the clock is there again.
 */
export const age = (at: number): number => Math.abs(Date.now() - at)
