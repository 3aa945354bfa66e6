import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { oneLine } from '../protocol/one-line.ts'
import { plural } from '../protocol/plural.ts'
import { erasePerson } from '../server/people/erase.ts'
import type { Store } from '../server/ports/store/store.ts'
import { SettingsError } from '../standalone/settings.ts'
import { openStore, type Command } from './command.ts'
import { noSuchUser, oneUser } from './one-user.ts'

/** `deskbell erase USER-ID`: servers may run meanwhile, and learn of it by the database */
export const eraseCommand: Command = async (settings, args) => {
  const { values, positionals } = parseArgs({
    args,
    options: { yes: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const id = oneUser('erase', positionals)
  const store = await openStore(settings())
  try {
    const what = await describe(store, id)
    if (!values.yes && !(await isConfirmed(what))) throw new SettingsError('Nothing was erased')
    const revoke = (subject: string) => store.revoke({ subject, revoked_at: new Date().toISOString() })
    const erased = await erasePerson(store, revoke, id)
    if (!erased) throw noSuchUser(id)
    // A server deletes the contents of files: this process may not know where they are
    console.log(`User ${oneLine(id)} is erased, with ${messages(erased.messages)}. Backups still have them`)
  } finally {
    await store.close()
  }
}

async function describe(store: Store, id: string): Promise<string> {
  const data = await store.personalData(id)
  if (!data) throw noSuchUser(id)
  const { user, chat } = data
  const known = [user.name, user.email].filter(Boolean).join(', ')
  return `user ${oneLine(id)}${known === '' ? '' : ` (${known})`} and ${messages(chat?.message_count ?? 0)}`
}

const messages = (count: number): string => plural('en', count, { one: '# message', other: '# messages' })

async function isConfirmed(what: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new SettingsError(`This erases ${what} for good: say so with --yes`)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return (await terminal.question(`Erase ${what} for good? Type yes: `)).trim() === 'yes'
  } finally {
    terminal.close()
  }
}
