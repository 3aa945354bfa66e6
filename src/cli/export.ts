import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { exportPerson } from '../server/people/export.ts'
import { openStore, type Command } from './command.ts'
import { noSuchUser, oneUser } from './one-user.ts'

/** `deskbell export USER-ID`: all that is stored about a user, as JSON, on the standard output */
export const exportCommand: Command = async (settings, args) => {
  const { positionals } = parseArgs({ args, allowPositionals: true })
  const id = oneUser('export', positionals)
  const store = await openStore(settings())
  try {
    const parts = await exportPerson(store, id, new Date().toISOString())
    if (!parts) throw noSuchUser(id)
    await pipeline(Readable.from(parts), process.stdout, { end: false })
  } finally {
    await store.close()
  }
}
