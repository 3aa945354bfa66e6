import { databaseName } from '../standalone/database.ts'
import { openStore, type Command } from './command.ts'

/** `deskbell renew-epoch`: to be run after the database's own programs restored a dump */
export const renewEpochCommand: Command = async (settings) => {
  const read = settings()
  const store = await openStore(read)
  await store.renewEpoch()
  await store.close()
  console.log(`${databaseName(read.databaseUrl)} has a new epoch; clients will reload`)
}
