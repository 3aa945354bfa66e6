// `deskbell unsubscribe` and `deskbell resubscribe`: what the link in an e-mail does, for staff whom a person asks.
import { parseArgs } from 'node:util'
import { oneLine } from '../protocol/one-line.ts'
import { openStore, type Command } from './command.ts'
import { noSuchUser, oneUser } from './one-user.ts'

export const unsubscribeCommand: Command = (settings, args) => setSubscribed(settings, 'unsubscribe', args)
export const resubscribeCommand: Command = (settings, args) => setSubscribed(settings, 'resubscribe', args)

async function setSubscribed(
  settings: Parameters<Command>[0],
  command: 'unsubscribe' | 'resubscribe',
  args: string[],
): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true })
  const id = oneUser(command, positionals)
  const store = await openStore(settings())
  try {
    if ((await store.unsubscribedAt(id)) === undefined) throw noSuchUser(id)
    await store[command](id, new Date().toISOString())
  } finally {
    await store.close()
  }
  console.log(
    `User ${oneLine(id)} gets ${command === 'unsubscribe' ? 'no more e-mails' : 'e-mails again'} about replies`,
  )
}
