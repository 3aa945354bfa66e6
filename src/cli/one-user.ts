import { oneLine } from '../protocol/one-line.ts'
import { SettingsError } from '../standalone/settings.ts'

/** @throws SettingsError unless there is exactly one id */
export function oneUser(command: string, positionals: string[]): string {
  const [id] = positionals
  if (id === undefined || positionals.length > 1) throw new SettingsError(`${command} needs the id of one user`)
  return id
}

export const noSuchUser = (id: string): SettingsError =>
  new SettingsError(`Nothing is stored about a user ${oneLine(id)}`)
