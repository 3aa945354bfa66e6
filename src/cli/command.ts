import { sqliteStore, type Store } from '../adapters/node.ts'
import { SettingsError, type Settings } from '../standalone/settings.ts'

/** @param settings reads them when they are needed: not every command does */
export type Command = (settings: () => Settings, args: string[]) => Promise<void>

/** @throws SettingsError when the database cannot be opened */
export function openStore({ databaseFile }: Settings): Promise<Store> {
  return sqliteStore(databaseFile).catch((error: Error) => {
    throw new SettingsError(`The database ${databaseFile} cannot be opened: ${error.message}`)
  })
}
