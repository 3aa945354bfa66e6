import { parseArgs } from 'node:util'
import { why } from '../server/notifications/why.ts'
import { SettingsError } from '../standalone/settings.ts'
import { openStore, type Command } from './command.ts'

export const whyCommand: Command = async (settings, args) => {
  const { positionals } = parseArgs({ args, allowPositionals: true })
  const [given] = positionals
  if (given === undefined || positionals.length > 1) throw new SettingsError('why needs the id of one message')
  // As it was copied. UUIDs are compared without case
  const id = given.trim().toLowerCase()
  const store = await openStore(settings())
  const account = await store.explainNotification(id)
  await store.close()
  if (!account) throw new SettingsError(`There is no message ${id}`)
  console.log(why(account, new Date().toISOString()))
}
