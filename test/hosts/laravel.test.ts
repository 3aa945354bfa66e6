// A Laravel app as docs/laravel.md shows it, beside a stand-alone Deskbell. Debian's Laravel comes without its skeleton: test/hosts/laravel stands for that.
import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { conversesBeside, describeBeside, signIn } from './beside-app.ts'
import { openContext } from './browser.ts'
import { expectShown } from './documented-files.ts'
import { PATIENCE } from './framework-app.ts'
import { closeContext } from '../support/close-context.ts'
import { canRun } from './languages.ts'

const EXAMPLE = join(import.meta.dirname, '../../examples/laravel')

function makeApp(folder: string): string {
  for (const files of [join(import.meta.dirname, 'laravel'), EXAMPLE]) cpSync(files, folder, { recursive: true })
  for (const made of ['sessions', 'views']) mkdirSync(join(folder, 'storage/framework', made), { recursive: true })
  mkdirSync(join(folder, 'bootstrap/cache'), { recursive: true })
  return folder
}

const making = {
  runs: canRun('laravel'),
  make: makeApp,
  command: (port: number) => ['php', '-S', `localhost:${port}`, '-t', 'public'],
  // Else it answers one request at a time, and a page that waits for another would wait for ever
  env: { APP_KEY: `base64:${randomBytes(32).toString('base64')}`, PHP_CLI_SERVER_WORKERS: '3' },
}

describeBeside('a Laravel app beside a Deskbell', making, (here) => {
  it('has the files that the documentation shows', () => expectShown('docs/laravel.md', EXAMPLE))

  it('has a customer and staff chat with each other, signed in as themselves', { timeout: PATIENCE }, async () => {
    await conversesBeside(here.browser, here.app)
  })

  it('signs tokens for who is signed in, to customers those of customers alone', async () => {
    const { app, browser } = here
    const visit = await openContext(browser)
    const ask = (path: string) => visit.request.get(app.url + path, { headers: { accept: 'application/json' } })
    expect((await ask('/support/token')).status()).toBe(401)
    await signIn(app, visit, 'ada')
    const authorization = `Bearer ${await (await ask('/support/token')).text()}`
    const chat = await fetch(`${app.deskbell}/support_chat`, { headers: { authorization } })
    expect(chat.headers.get('deskbell-person')).toBe('user%3A1')
    expect((await fetch(`${app.deskbell}/admin/chats`, { headers: { authorization } })).status).toBe(403)
    expect((await ask('/support/staff')).status()).toBe(403)
    await closeContext(visit)
  })
})
