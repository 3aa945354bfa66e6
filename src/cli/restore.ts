import { existsSync, renameSync, rmSync } from 'node:fs'
import { SettingsError } from '../standalone/settings.ts'
import { copyDatabase, isUnused, prepareCopy } from '../stores/sqlite/copies.ts'
import { oneFile, sqliteFile, sync } from './backup.ts'
import type { Command } from './command.ts'

/** `deskbell restore FILE`: only while no server runs. The previous database is kept beside the new one. */
export const restoreCommand: Command = async (settings, args) => {
  const source = oneFile('restore', args)
  const instead = 'load the dump with its own programs, then run deskbell renew-epoch'
  const file = sqliteFile(settings(), instead)
  if (!existsSync(source)) throw new SettingsError(`There is no file ${source}`)
  refuseWhileUsed(file)
  const staged = `${file}.restoring`
  const kept = `${file}.before-${new Date()
    .toISOString()
    .replace(/[^\dT]/g, '')
    .slice(0, 15)}`
  removeDatabase(staged)
  try {
    copyDatabase(source, staged)
    await prepareCopy(staged)
    sync(staged)
  } catch (error) {
    removeDatabase(staged)
    throw new SettingsError(`${source} cannot be restored: ${(error as Error).message}`)
  }
  refuseWhileUsed(file)
  // SQLite must never apply the old database's log to the new file
  for (const end of ['', '-wal', '-shm']) if (existsSync(file + end)) renameSync(file + end, kept + end)
  renameSync(staged, file)
  // A server that started just now has the old file open
  refuseWhileUsed(kept)
  console.log(`${file} now holds what was in ${source}; clients will reload`)
  if (existsSync(kept)) console.log(`The previous database is kept as ${kept}`)
}

function refuseWhileUsed(file: string): void {
  if (existsSync(file) && !isFree(file))
    throw new SettingsError(`${file} is in use: first stop the server, and whatever else has the file open`)
}

/** A database too damaged to open is the reason to restore, so it does not stop the restore */
function isFree(file: string): boolean {
  try {
    return isUnused(file)
  } catch {
    return true
  }
}

function removeDatabase(file: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(file + end, { force: true })
}
