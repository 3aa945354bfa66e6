import type { Store } from '../server/ports/store/store.ts'
import { openDatabase } from '../standalone/database.ts'
import type { Settings } from '../standalone/settings.ts'

/** @param settings reads the settings; not every command needs them */
export type Command = (settings: () => Settings, args: string[]) => Promise<void>

/** @throws SettingsError when the database cannot be opened */
export const openStore = ({ databaseUrl }: Settings): Promise<Store> => openDatabase(databaseUrl)
