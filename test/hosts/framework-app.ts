// An app of one framework, built from what docs/mounting.md shows, and what the chat must do in each of them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { until } from '../support/desk.ts'
import { namedCodeOf } from '../support/documented-code.ts'
import { TestStream } from '../support/event-stream.ts'
import { installInEmptyApp, type App, type Running } from '../support/packed-app.ts'
import { SECRET } from '../support/server-process.ts'
import { TestSocket, V1 } from '../support/socket.ts'
import { connectBrowser } from './browser.ts'
import { converse } from './conversation.ts'
import { freePort } from '../support/ports.ts'

/** A build takes a machine that is busy a while (ms) */
export const PATIENCE = 300_000

export interface FrameworkApp extends App {
  url: string
  /** What docs/mounting.md shows under a name. @throws Error when that is nothing */
  shown(file: string): string
  /** @param code what docs/mounting.md shows under this name, unless given */
  write(file: string, code?: string): void
  /** Starts a script of it, which listens on its port. @returns when the chat answers */
  serve(args: string[], env?: Record<string, string>): Promise<Running>
}

/** @param packages the folder in which those of the framework are installed */
export async function frameworkApp(packages: string): Promise<FrameworkApp> {
  const guide = namedCodeOf('docs/mounting.md')
  const port = await freePort()
  const url = `http://localhost:${port}`
  const app = installInEmptyApp()
  app.add(packages)
  const own = JSON.parse(readFileSync(join(packages, 'package.json'), 'utf8')) as { dependencies: object }
  const dependencies = { ...own.dependencies, deskbell: '^0.1.0' }
  writeFileSync(join(app.folder, 'package.json'), JSON.stringify({ type: 'module', dependencies }))
  function shown(file: string): string {
    const code = guide.get(file)
    if (code === undefined) throw new Error(`docs/mounting.md shows no ${file}`)
    return code
  }
  function write(file: string, code = shown(file)): void {
    mkdirSync(dirname(join(app.folder, file)), { recursive: true })
    writeFileSync(join(app.folder, file), code.replaceAll('3000', String(port)))
  }
  write('lib/support.ts')
  return {
    ...app,
    url,
    shown,
    write,
    async serve(args, env = {}) {
      const settings = { DESKBELL_SECRET: SECRET, HOST: '127.0.0.1', PORT: String(port), ORIGIN: url }
      const running = app.start(args, { ...settings, ...env })
      try {
        // Shorter than what a test may take, so that this says what went wrong
        await until(() => fetch(`${url}/support/widget.js`).then(({ ok }) => ok, running.failed), PATIENCE / 2)
      } catch (error) {
        await running.stop()
        throw error
      }
      return running
    },
  }
}

const as = (who: string) => ({ cookie: `theme=dark; who=${who}` })

/** Requests as browsers and mail programs send them. @param sockets whether the chat opens WebSockets there */
export async function answers(url: string, sockets: 'sockets' | 'no sockets'): Promise<void> {
  const call = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
    fetch(`${url}/support${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const send = (content: string, headers: Record<string, string>) =>
    call('POST', '/support_chat/messages', headers, { content })

  const widget = await call('GET', '/widget.js', {})
  expect([widget.status, widget.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8'])
  expect(await widget.text()).toContain('deskbell-chat')

  const stream = await TestStream.open(`${url}/support/support_chat/events`, '', {
    ...as('ada'),
    'accept-encoding': 'gzip, br',
  })
  const content = `naïve “quotes” 😀 ${Math.random()}`
  expect((await send(content, { ...as('ada'), origin: url })).status).toBe(201)
  await until(() => stream.contents().includes(content))
  stream.close()
  const read = await call('PATCH', '/support_chat/mark_read', { ...as('ada'), origin: url }, { up_to_seq: 1 })
  expect(read.status).toBe(200)

  expect((await send('by nobody', {})).status).toBe(401)
  expect((await send('from elsewhere', { ...as('ada'), origin: 'https://evil.example' })).status).toBe(403)
  expect((await call('GET', '/admin/chats', as('ada'))).status).toBe(403)
  expect((await call('GET', '/nowhere', as('ada'))).status).toBe(404)

  // A slash too many leads to the page, and its files are found below it
  const dashboard = await call('GET', '/dashboard/', {})
  expect([dashboard.status, dashboard.url]).toEqual([200, `${url}/support/dashboard`])
  const files = (await dashboard.text()).match(/(?<=(src|href)="\.?\/?)dashboard\/assets\/[^"]+/g) ?? []
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) expect((await call('GET', `/${file}`, {})).status).toBe(200)

  if (sockets === 'sockets') {
    const socket = await TestSocket.open(`${url.replace('http', 'ws')}/support/cable`, [V1], { headers: as('ada') })
    await until(() => socket.frames.length > 0)
    socket.close()
  }
}

/** As a mail program does it (RFC 8058): a form without an origin. @returns the status; 401 is the chat's, for a link that is none */
export async function unsubscribeAtOneClick(url: string): Promise<number> {
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
  return (await fetch(`${url}/support/unsubscribe?token=none`, { method: 'POST', body })).status
}

/** In Chromium: the page at `/` has the widget */
export async function chats(url: string): Promise<void> {
  const browser = await connectBrowser()
  try {
    await converse(browser, {
      page: `${url}/`,
      dashboard: `${url}/support/dashboard`,
      signIn: (context, who) => context.addCookies([{ name: 'who', value: who, url }]),
    })
  } finally {
    await browser.close()
  }
}
