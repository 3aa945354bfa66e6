/**
 * The database is temporarily unable to do it: it is locked, full, read-only or unreachable, or the store was closed. Clients are
 * asked to try again. `cause` is the driver's error, if there was one.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}
