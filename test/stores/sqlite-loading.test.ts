import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { sqliteStore } from '../../src/stores/sqlite.ts'

const dir = mkdtempSync(join(tmpdir(), 'deskbell-sqlite-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

it('A server on an up-to-date SQLite database loads no driver, no query builder and nothing to send mails with', async () => {
  const file = join(dir, 'chat.db')
  await (await sqliteStore(file)).close()
  const entry = new URL('../../src/entries/node.ts', import.meta.url).href
  const script = `import { registerHooks } from 'node:module'
    registerHooks({ resolve(name, context, next) {
      const found = next(name, context)
      if (/node_modules.(kysely|pg|mysql2|@redis|@nats-io|nodemailer|pino|prom-client)./.test(found.url)) console.log(found.url)
      return found
    } })
    const deskbell = await import(${JSON.stringify(entry)})
    const store = await deskbell.sqliteStore(${JSON.stringify(file)})
    const { redisBus, natsBus, postgresBus, smtpMailer } = deskbell
    const buses = [redisBus('redis://localhost'), natsBus('nats://localhost'), postgresBus('postgres://localhost/app')]
    const mailer = smtpMailer({ url: 'smtp://localhost', from: { name: 'Support', address: 'support@example.com' } })
    const running = deskbell.createDeskbell({ store, mailer, secret: 'x'.repeat(32), publicUrl: 'http://localhost' })
    await running.close()
    for (const bus of buses) await bus.close()
    await store.close()
    console.log('done')`
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toBe('done\n')
})
