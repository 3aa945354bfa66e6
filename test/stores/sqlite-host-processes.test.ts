// Hosts in processes of their own, with an SQLite connection of their own, on one file.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SQLITE_DRIVERS, sqliteHosts } from '../support/sqlite-hosts.ts'

const STORE = new URL('../../src/stores/sqlite.ts', import.meta.url).href
const hosts = sqliteHosts()

describe.each(SQLITE_DRIVERS)('A host process over $name', (driver) => {
  /** Runs `work`, which has `store` and `say(sender, i)`, on the database of `file` */
  const run = ({ file, chat }: { file: string; chat: string }, work: string) =>
    promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      `import { execFileSync } from 'node:child_process'
      const file = ${JSON.stringify(file)}
      ${driver.script}
      const { sqliteStore } = await import(${JSON.stringify(STORE)})
      const store = await sqliteStore(connection, { prefix: 'app_' })
      const say = (sender, i) => store.appendMessages([{ id: crypto.randomUUID(), chat_id: '${chat}', content: sender + i,
        sender_type: 'user', sender_id: sender, sender_name: null, client_id: String(i), created_at: new Date().toISOString(),
        notify_at: null }])
      ${work}
      connection.close()`,
    ])

  it('counts seq 1..n together with another', async () => {
    const { store, ...where } = await hosts.start(driver)
    const work = (sender: string) => `for (let i = 0; i < 150; i++) {
      await say('${sender}', i)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 3))
    }`
    const outputs = await Promise.all([run(where, work('a')), run(where, work('b'))])
    expect(outputs.map((output) => output.stderr)).toEqual(['', ''])
    const { messages } = await store.messages(where.chat, { after: 0, limit: 1_000 })
    expect(messages.map((m) => m.seq)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1))
    const of = (sender: string) => messages.filter((m) => m.content.startsWith(sender)).map((m) => m.client_id)
    expect(of('a')).toEqual(Array.from({ length: 150 }, (_, i) => String(i)))
    expect(of('b')).toEqual(of('a'))
  })

  it('refuses while its files may not grow, which is an I/O error, and goes on', async () => {
    const { stdout } = await run(
      await hosts.start(driver),
      `const limit = (bytes) => execFileSync('prlimit', ['--pid', process.pid, '--fsize=' + bytes + ':unlimited'])
      limit(1)
      const refused = await say('a', 1).then(() => ({}), (error) => error)
      limit('unlimited')
      const [{ kind }] = await say('a', 1)
      console.log(refused.name, refused.cause?.errcode ?? refused.cause?.code, kind)`,
    )
    expect(stdout).toMatch(/^StoreUnavailable (778|SQLITE_IOERR_WRITE) stored\n$/)
  })
})
