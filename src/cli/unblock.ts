// `deskbell unblock`: mails go again to the address of a user, after one came back or was reported as spam.
import { parseArgs } from 'node:util'
import { oneLine } from '../protocol/one-line.ts'
import { openStore, type Command } from './command.ts'
import { noSuchUser, oneUser } from './one-user.ts'

export const unblockCommand: Command = async (settings, args) => {
  const { positionals } = parseArgs({ args, allowPositionals: true })
  const id = oneUser('unblock', positionals)
  const store = await openStore(settings())
  try {
    const user = await store.findPerson(id)
    if (!user) throw noSuchUser(id)
    const isNews = await store.unblockMail(user.email, new Date().toISOString())
    console.log(`E-mails go ${isNews ? 'again ' : ''}to ${oneLine(user.email)}${isNews ? '' : ' already'}`)
  } finally {
    await store.close()
  }
}
