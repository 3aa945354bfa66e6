/** How long a listener's token is valid (ms). Services' clients ask for the next one by themselves; a revoked person gets none */
const TOKEN_FOR = 10 * 60_000

/** When a token ends that is issued now. @param expiresAt of the person's own credentials, ms since 1970; null: never */
export function tokenEnd(expiresAt: number | null): Date {
  const end = Date.now() + TOKEN_FOR
  return new Date(expiresAt === null ? end : Math.min(end, expiresAt))
}
