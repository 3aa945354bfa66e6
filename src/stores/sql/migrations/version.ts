/** How many migrations there are. Beside them, so that who is up to date need not load them, and Kysely, to know. */
export const LATEST = 1

/** @throws Error when the database was written by a newer version */
export function checkVersion(version: number): void {
  if (version > LATEST) throw new Error('The database was written by a newer version of Deskbell')
}
