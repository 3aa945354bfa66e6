/** What every engine says after `close()` */
export const CLOSED = 'The store is closed'
