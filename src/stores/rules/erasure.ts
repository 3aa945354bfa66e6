// How a person is erased bit by bit, on every engine.

/** Messages erased in one transaction: few enough that nobody notices the wait */
export const ERASED_AT_ONCE = 200
