/** The number of migrations. In a file of its own, so that SQLite need not load them, and Kysely, to find that it is up to date. */
export const LATEST = 28

/** @throws Error when the database was written by a newer version */
export function checkVersion(version: number, latest: number): void {
  if (version > latest) throw new Error('The database was written by a newer version of Deskbell')
}
