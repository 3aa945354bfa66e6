/** Bytes of each file that goes up while others write */
export const UPLOAD = 2 * 1024 * 1024
