import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { sqliteStore } from '../../src/stores/sqlite.ts'

const dir = mkdtempSync(join(tmpdir(), 'deskbell-sqlite-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

it('An SQLite database that is up to date is opened without a driver and without the query builder', async () => {
  const file = join(dir, 'chat.db')
  await (await sqliteStore(file)).close()
  const entry = new URL('../../src/entries/node.ts', import.meta.url).href
  const script = `import { registerHooks } from 'node:module'
    registerHooks({ resolve(name, context, next) {
      const found = next(name, context)
      if (/node_modules.(kysely|pg|mysql2)./.test(found.url)) console.log(found.url)
      return found
    } })
    const { sqliteStore } = await import(${JSON.stringify(entry)})
    await (await sqliteStore(${JSON.stringify(file)})).close()
    console.log('done')`
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toBe('done\n')
})
