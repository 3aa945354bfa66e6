// Writes the README's table of settings from src/standalone/settings/environment.ts: npm run docs:settings
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { environment, settingDocs } from '../src/standalone/settings/environment.ts'

const README = join(import.meta.dirname, '..', 'README.md')
const TABLE = /\| variable \|.*\n\|---.*\n(?:\|.*\n)+/

/**
 * The table as it should stand in the README.
 * @throws Error when a setting has no row
 */
export function settingsTable(): string {
  const rows = Object.entries(environment.shape).map(([name, schema]) => {
    const row = settingDocs.get(schema)
    if (!row) throw new Error(`${name} has no row for the README`)
    return `| \`${name}\` | ${row.unset} | ${row.about} |\n`
  })
  return `| variable | default | |\n|---|---|---|\n${rows.join('')}`
}

/** @throws Error when the README has no such table */
export function withSettingsTable(readme: string): string {
  if (!TABLE.test(readme)) throw new Error('The README has no table of settings')
  return readme.replace(TABLE, () => settingsTable())
}

if (import.meta.main) writeFileSync(README, withSettingsTable(readFileSync(README, 'utf8')))
