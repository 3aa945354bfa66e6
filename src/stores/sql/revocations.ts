import { sql } from 'kysely'
import type { Store } from '../../server/ports/store/store.ts'
import type { SqlDatabase } from './database.ts'

type Revocations = Pick<Store, 'revoke' | 'revocationsSince' | 'forgetRevocations'>

export function revocations({ db, engine, insist }: SqlDatabase): Revocations {
  const latest = engine.orChangeIt(
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
        // An empty time is before all others
        .$if(at !== '', (all) => all.where('revoked_at', '>=', engine.time(at)))
        .orderBy('revoked_at')
        .execute(),
    async forgetRevocations(before) {
      await insist(() => db.deleteFrom('support_revocations').where('revoked_at', '<', engine.time(before)).execute())
    },
  }
}
