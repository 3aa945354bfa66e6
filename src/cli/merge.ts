// `deskbell merge`: a user has another id from now on. Servers may run meanwhile, and learn of it by the database.
import { parseArgs } from 'node:util'
import { oneLine } from '../protocol/one-line.ts'
import { isVisitor } from '../protocol/visitor.ts'
import { mergePeople } from '../server/people/merge-people.ts'
import { SettingsError } from '../standalone/settings.ts'
import { openStore, type Command } from './command.ts'
import { noSuchUser } from './one-user.ts'

export const mergeCommand: Command = async (settings, args) => {
  const { positionals } = parseArgs({ args, allowPositionals: true })
  const [from, into] = positionals
  if (from === undefined || into === undefined || positionals.length > 2)
    throw new SettingsError('merge needs two ids: the old one, and the new one')
  if (from === into || isVisitor(from) || isVisitor(into))
    throw new SettingsError('merge needs two different ids of users, and no visitors')
  const store = await openStore(settings())
  try {
    const revoke = (subject: string) => store.revoke({ subject, revoked_at: new Date().toISOString() })
    const merged = await mergePeople({ store, clock: { now: () => Date.now() }, revoke }, { from, into })
    if (!merged) throw noSuchUser(from)
    console.log(`What was of user ${oneLine(from)} is of user ${oneLine(into)} now`)
  } finally {
    await store.close()
  }
}
