// A Next.js app as the documentation shows it: built and started with a route, and in a server of its own.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { until } from '../support/desk.ts'
import { namedCodeOf } from '../support/documented-code.ts'
import { TestStream } from '../support/event-stream.ts'
import { installInEmptyApp, type App, type Running } from '../support/packed-app.ts'
import { freePort, SECRET, userToken } from '../support/server-process.ts'
import { TestSocket, V1 } from '../support/socket.ts'
import { areInstalled } from './frameworks.ts'
import { installed } from './install.ts'

const NEXT = join(import.meta.dirname, 'next')
const isInstalled = areInstalled(await installed(NEXT), NEXT)
const guide = namedCodeOf('docs/mounting.md')

describe.skipIf(!isInstalled)('a Next.js app as the documentation shows it', () => {
  /** A build takes a machine that is busy a while (ms) */
  const PATIENCE = 300_000
  const NEXT_CLI = 'node_modules/next/dist/bin/next'
  const ROUTE = 'app/support/[[...path]]/route.ts'
  let app: App
  let port: number
  let own: Running | undefined
  let headers: Record<string, string>

  function write(file: string, code = guide.get(file) ?? ''): void {
    mkdirSync(dirname(join(app.folder, file)), { recursive: true })
    writeFileSync(join(app.folder, file), code.replaceAll('3000', String(port)))
  }
  async function start(args: string[], env: Record<string, string> = {}): Promise<void> {
    const started = app.start(args, { DESKBELL_SECRET: SECRET, NEXT_TELEMETRY_DISABLED: '1', ...env })
    own = started
    await until(
      () => fetch(`http://127.0.0.1:${port}/support/widget.js`).then(({ ok }) => ok, started.failed),
      PATIENCE,
    )
  }
  const send = async (content: string) =>
    (
      await fetch(`http://127.0.0.1:${port}/support/support_chat/messages`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ content }),
      })
    ).status

  beforeAll(async () => {
    app = installInEmptyApp()
    app.add(NEXT)
    writeFileSync(join(app.folder, 'package.json'), '{ "type": "module" }')
    port = await freePort()
    headers = { authorization: `Bearer ${await userToken('ada')}`, 'content-type': 'application/json' }
    for (const file of ['next.config.ts', 'lib/support.ts', ROUTE, 'server.js']) write(file)
    const script = '<script src="/support/widget.js" async />'
    write(
      'app/layout.tsx',
      `import type { ReactNode } from 'react'
       export default function Layout({ children }: { children: ReactNode }) {
         return <html lang="en"><body>{children}${script}</body></html>
       }`,
    )
    // A server component, and one for clients
    write(
      'app/page.tsx',
      `import { SupportChat } from 'deskbell/react'
       import { Unread } from './unread'
       export default function Page() {
         return <main><h1>A page</h1><Unread /><SupportChat heading="From a server component" /></main>
       }`,
    )
    write(
      'app/unread.tsx',
      `'use client'
       import { useSupportChat } from 'deskbell/react'
       export function Unread() {
         const { status, unreadCount } = useSupportChat()
         return <p id="unread">{status} {unreadCount}</p>
       }`,
    )
    const include = ['app', 'lib', 'next.config.ts', 'next-env.d.ts', '.next/types/**/*.ts']
    write('tsconfig.json', JSON.stringify({ compilerOptions: { strict: true, skipLibCheck: true }, include }))
  })
  afterEach(() => own?.stop())
  afterAll(() => app?.remove())

  it('is built, and serves the chat by a route, with event streams', { timeout: PATIENCE }, async () => {
    app.run(NEXT_CLI, 'build')
    expect(existsSync(join(app.folder, 'deskbell.db'))).toBe(false)
    await start([NEXT_CLI, 'start', '-p', String(port)])
    expect(await send('by a route')).toBe(201)
    const events = `http://127.0.0.1:${port}/support/support_chat/events`
    const stream = await TestStream.open(events, await userToken('ada'), { 'accept-encoding': 'gzip, br' })
    expect(await send('to the stream')).toBe(201)
    await until(() => stream.contents().includes('to the stream'))
    stream.close()

    const browser = await launchBrowser()
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${port}/`)
    await page.locator('deskbell-chat').waitFor({ state: 'attached' })
    await page.evaluate(`document.querySelector('deskbell-chat').setAttribute('token', '${await userToken('ada')}')`)
    await page.getByRole('button', { name: /^Open support chat/ }).click()
    await page.getByRole('log').getByText('to the stream').last().waitFor()
    // It comes without a socket
    expect(await send('from another device')).toBe(201)
    await page.getByRole('log').getByText('from another device').last().waitFor()
    expect(await page.locator('#unread').textContent()).toMatch(/^signed_out 0$/)
    await page.getByText('From a server component').waitFor()
    await browser.close()
  })

  it('opens sockets in a server of its own, beside those of hot reloading', { timeout: PATIENCE }, async () => {
    rmSync(join(app.folder, 'app/support'), { recursive: true })
    await start(['server.js'], { NODE_ENV: 'development' })
    const ws = `ws://127.0.0.1:${port}`
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200)
    const socket = await TestSocket.open(`${ws}/support/cable?jid=${await userToken('ada')}`, [V1])
    const hot = await TestSocket.open(`${ws}/_next/hmr`)
    await until(() => socket.frames.length > 0 && hot.frames.length > 0)
    expect(await send('in a server of its own')).toBe(201)
    socket.close()
    hot.close()
  })
})
