import { SettingsError } from '../standalone/settings.ts'

/** @throws SettingsError unless there is exactly one id */
export function oneUser(command: string, positionals: string[]): string {
  const [id] = positionals
  if (id === undefined || positionals.length > 1) throw new SettingsError(`${command} needs the id of one user`)
  return id
}

/** In quotes, so that spaces are seen: ids are compared exactly */
export const noSuchUser = (id: string): SettingsError =>
  new SettingsError(`Nothing is stored about a user ${JSON.stringify(id)}`)
