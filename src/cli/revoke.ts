import { parseArgs } from 'node:util'
import { departureOf } from '../server/assignment/departures.ts'
import { subjectOf } from '../server/people/revocations.ts'
import { SettingsError } from '../standalone/settings.ts'
import { openStore, type Command } from './command.ts'

export const revokeCommand: Command = async (settings, args) => {
  const { values } = parseArgs({
    args,
    options: {
      sub: { type: 'string' },
      admin: { type: 'boolean', default: false },
      left: { type: 'boolean', default: false },
    },
  })
  const { sub, admin, left } = values
  if (!sub) throw new SettingsError('revoke needs --sub')
  if (left && !admin) throw new SettingsError('--left is for a member of staff, with --admin')
  const store = await openStore(settings())
  const subjects = [subjectOf({ id: sub, role: admin ? 'admin' : 'user' }), ...(left ? [departureOf(sub)] : [])]
  for (const subject of subjects) await store.revoke({ subject, revoked_at: new Date().toISOString() })
  await store.close()
  console.log(`Tokens and sessions of ${admin ? 'staff member' : 'user'} ${sub} that were issued until now are revoked`)
  if (left) console.log('Their chats will be nobody’s, within a minute or so where a server runs')
}
