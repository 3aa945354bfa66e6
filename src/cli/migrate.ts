import { parseArgs } from 'node:util'
import { databaseName, openDatabase, planDatabase } from '../standalone/database.ts'
import { isMongodb } from '../standalone/server-url.ts'
import type { Command } from './command.ts'

export const migrateCommand: Command = async (settings, args) => {
  const { values } = parseArgs({ args, options: { 'dry-run': { type: 'boolean', default: false } } })
  const read = settings()
  const name = databaseName(read.databaseUrl)
  if (values['dry-run']) {
    const plan = await planDatabase(read.databaseUrl, read)
    // A comment, so that the whole output can be run as it is
    const comment = isMongodb(read.databaseUrl) ? '//' : '--'
    console.log(
      plan.length === 0 ? `${comment} ${name} is up to date` : plan.map((statement) => `${statement};`).join('\n'),
    )
    return
  }
  await (await openDatabase(read.databaseUrl, read)).close()
  console.log(`${name} is up to date`)
}
