// `deskbell unsubscribe` and `deskbell resubscribe`: what the link in an e-mail does, for staff whom a person asks.
import { parseArgs } from 'node:util'
import { SettingsError } from '../standalone/settings.ts'
import { openStore, type Command } from './command.ts'

export const unsubscribeCommand: Command = (settings, args) => setSubscribed(settings, 'unsubscribe', args)
export const resubscribeCommand: Command = (settings, args) => setSubscribed(settings, 'resubscribe', args)

async function setSubscribed(
  settings: Parameters<Command>[0],
  command: 'unsubscribe' | 'resubscribe',
  args: string[],
): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true })
  const [id] = positionals
  if (id === undefined || positionals.length > 1) throw new SettingsError(`${command} needs the id of one user`)
  const store = await openStore(settings())
  const isKnown = (await store.unsubscribedAt(id)) !== undefined
  if (isKnown) await store[command](id, new Date().toISOString())
  await store.close()
  if (!isKnown) throw new SettingsError(`There is no user ${id}`)
  console.log(`User ${id} gets ${command === 'unsubscribe' ? 'no more e-mails' : 'e-mails again'} about replies`)
}
