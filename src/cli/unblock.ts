// `deskbell unblock`: mails go again to the address of a user, or to any address, after one came back or was reported as spam.
import { parseArgs } from 'node:util'
import { isEmailAddress, plainAddress } from '../protocol/email-address.ts'
import { oneLine } from '../protocol/one-line.ts'
import { openStore, type Command } from './command.ts'
import { noSuchUser, oneUser } from './one-user.ts'

export const unblockCommand: Command = async (settings, args) => {
  const { positionals } = parseArgs({ args, allowPositionals: true })
  const id = oneUser('unblock', positionals)
  const store = await openStore(settings())
  try {
    const user = await store.findPerson(id)
    // Of staff nothing but the address is known here
    if (!user && !isEmailAddress(id)) throw noSuchUser(id)
    const address = user ? user.email : plainAddress(id)
    const isNews = await store.unblockMail(address, new Date().toISOString())
    console.log(`E-mails go ${isNews ? 'again ' : ''}to ${oneLine(address)}${isNews ? '' : ' already'}`)
  } finally {
    await store.close()
  }
}
