import type { Revocation, RevocationStore } from '../../server/ports/store/revocations.ts'
import type { Database } from './database.ts'

export function revocations(db: Database): RevocationStore {
  const revoke = db.prepare(`INSERT INTO support_revocations (subject, revoked_at) VALUES (?1, ?2)
    ON CONFLICT (subject) DO UPDATE SET revoked_at = max(revoked_at, ?2)`)
  const since = db.prepare<Revocation>(
    'SELECT subject, revoked_at FROM support_revocations WHERE revoked_at >= ? ORDER BY revoked_at',
  )
  const forget = db.prepare('DELETE FROM support_revocations WHERE revoked_at < ?')
  return {
    async revoke({ subject, revoked_at }) {
      await db.transaction(() => revoke.run(subject, revoked_at))
    },
    revocationsSince: async (at) => since.all(at),
    async forgetRevocations(before) {
      await db.transaction(() => forget.run(before))
    },
  }
}
