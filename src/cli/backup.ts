import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { databaseName } from '../standalone/database.ts'
import { SettingsError, type Settings } from '../standalone/settings.ts'
import { copyDatabase } from '../stores/sqlite/copies.ts'
import type { Command } from './command.ts'

/** `deskbell backup FILE`: the server may run meanwhile */
export const backupCommand: Command = async (settings, args) => {
  const target = oneFile('backup', args)
  const file = sqliteFile(settings(), 'pg_dump, mariadb-dump, mysqldump or mongodump make a backup')
  if (existsSync(target)) throw new SettingsError(`${target} already exists`)
  if (!existsSync(file)) throw new SettingsError(`There is no database ${file}`)
  const partial = `${target}.partial`
  rmSync(partial, { force: true })
  try {
    copyDatabase(file, partial)
    sync(partial)
    renameSync(partial, target)
  } catch (error) {
    rmSync(partial, { force: true })
    throw new SettingsError(`${file} cannot be copied to ${target}: ${(error as Error).message}`)
  }
  console.log(`${target} is a copy of ${file} (${statSync(target).size} bytes)`)
}

/** @throws SettingsError unless there is exactly one file name */
export function oneFile(command: string, args: string[]): string {
  const { positionals } = parseArgs({ args, allowPositionals: true })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) throw new SettingsError(`${command} needs the name of one file`)
  return file
}

/** @throws SettingsError for other engines, which have their own programs for it */
export function sqliteFile({ databaseUrl }: Settings, instead: string): string {
  if (databaseUrl.startsWith('sqlite:')) return databaseName(databaseUrl)
  throw new SettingsError(
    `This command is for SQLite. For ${databaseName(databaseUrl)}: ${instead} (docs/operating.md)`,
  )
}

/** VACUUM INTO does not sync the copy to the disk */
export function sync(file: string): void {
  const handle = openSync(file, 'r+')
  fsyncSync(handle)
  closeSync(handle)
}
