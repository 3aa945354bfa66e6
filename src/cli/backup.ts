import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { databaseName } from '../standalone/database.ts'
import { SettingsError, type Settings } from '../standalone/settings.ts'
import { copyDatabase } from '../stores/sqlite/copies.ts'
import type { Command } from './command.ts'

/** `deskbell backup FILE`: while the server runs */
export const backupCommand: Command = async (settings, args) => {
  const target = oneFile('backup', args)
  const file = sqliteFile(settings(), 'pg_dump, mariadb-dump or mysqldump make a copy of it')
  if (existsSync(target)) throw new SettingsError(`${target} is there already`)
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
  console.log(`${target} holds ${file} as it is now (${statSync(target).size} bytes)`)
}

/** @throws SettingsError unless it is one file's name */
export function oneFile(command: string, args: string[]): string {
  const { positionals } = parseArgs({ args, allowPositionals: true })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) throw new SettingsError(`${command} needs the name of one file`)
  return file
}

/** @throws SettingsError for another engine, whose own programs do better */
export function sqliteFile({ databaseUrl }: Settings, instead: string): string {
  if (databaseUrl.startsWith('sqlite:')) return databaseName(databaseUrl)
  throw new SettingsError(`This is for SQLite; of ${databaseName(databaseUrl)}, ${instead} (docs/operating.md)`)
}

/** SQLite does not see to it that a copy is on the disk */
export function sync(file: string): void {
  const handle = openSync(file, 'r+')
  fsyncSync(handle)
  closeSync(handle)
}
