/**
 * The database cannot do it now but may soon: it is locked, full, read-only or away, or the store was closed. Clients are told to
 * try again. `cause` is the driver's error, if it was one.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}
