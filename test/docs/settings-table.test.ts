import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { environment } from '../../src/standalone/settings/environment.ts'
import { settingsTable, withSettingsTable } from '../../tools/settings-table.ts'

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')

it('The README lists every setting as the code has it (npm run docs:settings writes the table)', () => {
  expect(settingsTable().trimEnd().split('\n')).toHaveLength(Object.keys(environment.shape).length + 2)
  expect(withSettingsTable(readme)).toBe(readme)
})

it('A table that differs from the code is found', () => {
  expect(withSettingsTable(readme.replace('`3000`', '`8080`'))).toBe(readme)
})
