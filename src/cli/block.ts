// `deskbell block`: nothing more of a user is taken in. Servers may run meanwhile, and learn of it by the database.
import { parseArgs } from 'node:util'
import { oneLine } from '../protocol/one-line.ts'
import { openStore, type Command } from './command.ts'
import { noSuchUser, oneUser } from './one-user.ts'

export const blockCommand: Command = async (settings, args) => {
  const { values, positionals } = parseArgs({
    args,
    options: { undo: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const id = oneUser('block', positionals)
  const store = await openStore(settings())
  try {
    const chat = await store.findChatOf(id)
    if (!chat) throw noSuchUser(id)
    const activity = await store.setBlocked(chat.id, !values.undo, { actor: null, at: new Date().toISOString() })
    console.log(`User ${oneLine(id)} is ${values.undo ? 'not blocked' : 'blocked'}${activity ? '' : ' already'}`)
  } finally {
    await store.close()
  }
}
