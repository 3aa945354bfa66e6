import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const filesOf = (folder: string): string[] => readdirSync(join(import.meta.dirname, folder))

const facets = filesOf('../server/ports/store').filter((file) => !['store.ts', 'store-unavailable.ts'].includes(file))
const sqlite = filesOf('sqlite')
const mongo = filesOf('mongo')
// Of the engines of this family PostgreSQL alone can search
const sql = [...filesOf('sql'), ...filesOf('postgres/search')]

it('Each family of stores has a file per facet of the port, named like the facet', () => {
  expect(facets.length).toBeGreaterThan(6)
  expect(facets.filter((file) => !sqlite.includes(file))).toEqual([])
  expect(facets.filter((file) => !sql.includes(file))).toEqual([])
  // It cannot search
  expect(facets.filter((file) => !mongo.includes(file))).toEqual(['search.ts'])
})

it('Each family divides a long facet in the same way', () => {
  for (const helper of ['append.ts', 'chat-list.ts', 'notification-account.ts']) {
    expect(sqlite).toContain(helper)
    expect(sql).toContain(helper)
    expect(mongo).toContain(helper)
  }
})
