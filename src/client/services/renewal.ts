/** How long (ms) before its permission ends a client asks for the next one */
const AHEAD = 60_000
/** The shortest time (ms) between two permissions: one may end within a minute as the credentials behind it do, and clocks of browsers are wrong */
const SOONEST = 30_000

/** @returns in how many ms to ask for the next permission. @param expires_at of the one that has just come, ISO 8601 */
export const renewIn = (expires_at: string): number => Math.max(SOONEST, Date.parse(expires_at) - Date.now() - AHEAD)
