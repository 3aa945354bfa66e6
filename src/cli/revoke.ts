import { parseArgs } from 'node:util'
import { subjectOf } from '../server/people/revocations.ts'
import { SettingsError } from '../standalone/settings.ts'
import { openStore, type Command } from './command.ts'

export const revokeCommand: Command = async (settings, args) => {
  const { values } = parseArgs({
    args,
    options: { sub: { type: 'string' }, admin: { type: 'boolean', default: false } },
  })
  const { sub, admin } = values
  if (!sub) throw new SettingsError('revoke needs --sub')
  const store = await openStore(settings())
  const subject = subjectOf({ id: sub, role: admin ? 'admin' : 'user' })
  await store.revoke({ subject, revoked_at: new Date().toISOString() })
  await store.close()
  console.log(`Tokens and sessions of ${admin ? 'staff member' : 'user'} ${sub} that were issued until now are revoked`)
}
