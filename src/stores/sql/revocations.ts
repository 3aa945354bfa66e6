import { sql } from 'kysely'
import type { RevocationStore } from '../../server/ports/store/revocations.ts'
import type { SqlDatabase } from './database.ts'

export function revocations({ db, engine, insist }: SqlDatabase): RevocationStore {
  const latest = engine.onConflictUpdate(
    ['subject'],
    (inserted) => sql`revoked_at = greatest(${sql.ref('support_revocations.revoked_at')}, ${inserted('revoked_at')})`,
  )
  return {
    async revoke({ subject, revoked_at }) {
      const row = { subject, revoked_at: engine.time(revoked_at) }
      await insist(() => db.insertInto('support_revocations').values(row).modifyEnd(latest).execute())
    },
    revocationsSince: (at) =>
      db
        .selectFrom('support_revocations')
        .select(['subject', 'revoked_at'])
        // An empty time means all
        .$if(at !== '', (all) => all.where('revoked_at', '>=', engine.time(at)))
        .orderBy('revoked_at')
        .execute(),
    async forgetRevocations(before) {
      await insist(() => db.deleteFrom('support_revocations').where('revoked_at', '<', engine.time(before)).execute())
    },
  }
}
