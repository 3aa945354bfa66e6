import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { complaintAbout } from './node-version.ts'

const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  engines: { node: string }
}

it.each(['20.20.2', '22.12.0', '18.0.0'])(
  'Node %s is too old, and people are told the version that package.json names',
  (version) => {
    expect(complaintAbout(version)).toBe(
      `Node ${version} is too old: Deskbell needs ${engines.node.replace('>=', '')} or newer`,
    )
  },
)

it.each(['22.13.0', '23.0.0', '24.21.0', process.versions.node])('Node %s is not', (version) => {
  expect(complaintAbout(version)).toBeNull()
})
