import { databaseName } from '../standalone/database.ts'
import { openStore, type Command } from './command.ts'

/** `deskbell renew-epoch`: after a database was restored by its own programs */
export const renewEpochCommand: Command = async (settings) => {
  const read = settings()
  const store = await openStore(read)
  await store.renewEpoch()
  await store.close()
  console.log(`${databaseName(read.databaseUrl)} has a new epoch: clients will load it anew`)
}
