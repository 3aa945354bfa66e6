import { openStore, type Command } from './command.ts'

export const migrateCommand: Command = async (settings) => {
  const read = settings()
  await (await openStore(read)).close()
  console.log(`${read.databaseFile} is up to date`)
}
