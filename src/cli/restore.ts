import { existsSync, renameSync, rmSync } from 'node:fs'
import { SettingsError } from '../standalone/settings.ts'
import { copyDatabase, isUnused, prepareCopy } from '../stores/sqlite/copies.ts'
import { oneFile, sqliteFile, sync } from './backup.ts'
import type { Command } from './command.ts'

/** `deskbell restore FILE`: while no server runs. What was there before is kept beside it. */
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
  // A log that belongs to what was there must never meet the new file
  for (const end of ['', '-wal', '-shm']) if (existsSync(file + end)) renameSync(file + end, kept + end)
  renameSync(staged, file)
  // One that was started in this very moment has opened what is now put aside
  refuseWhileUsed(kept)
  console.log(`${file} is as ${source} was; clients will load it anew`)
  if (existsSync(kept)) console.log(`What was there before is kept as ${kept}`)
}

function refuseWhileUsed(file: string): void {
  if (existsSync(file) && !isFree(file))
    throw new SettingsError(`${file} is in use: stop the server (and whatever else has it open) first`)
}

/** One that is damaged past opening is a reason to restore, not a hindrance */
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
