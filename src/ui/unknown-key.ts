/** `keyCode` of keys that an input method handles */
export const UNKNOWN_KEY = 229
