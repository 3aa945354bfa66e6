// compose.yaml against the settings that the README lists.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const read = (name: string): string => readFileSync(join(import.meta.dirname, '../..', name), 'utf8')

/** Settled by the image, or by where the container is put */
const FIXED = ['DATA_DIR', 'HOST', 'NODE_ENV']

it('compose.yaml hands on every setting', () => {
  const rows = [...read('README.md').matchAll(/^\| ((?:`[A-Z_]+`(?:, )?)+) \|/gm)].map(([, names]) => names ?? '')
  const settings = rows.flatMap((names) => [...names.matchAll(/[A-Z_]+/g)].map(([name]) => name))
  expect(settings).toContain('TRUST_PROXY')
  const app = read('compose.yaml').split('\n  postgres:')[0] ?? ''
  const handedOn = settings.filter((name) => new RegExp(`\\$\\{${name}[:}]|^ {6}${name}: `, 'm').test(app))
  expect(handedOn.toSorted()).toEqual(settings.filter((name) => !FIXED.includes(name)).toSorted())
})

it('compose.yaml keeps the secrets of .env out of the image and the repository', () => {
  for (const file of ['.dockerignore', '.gitignore']) expect(read(file).split('\n')).toContain('.env')
})
