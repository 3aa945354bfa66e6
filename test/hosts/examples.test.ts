// The projects in examples/, each installed from the tarball and started as its README says, with a conversation in Chromium.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/desk.ts'
import { packed } from '../support/packed.ts'
import { startIn, type Running } from '../support/packed-app.ts'
import { connectBrowser, openContext, openPage } from './browser.ts'
import { converse } from './conversation.ts'
import { PATIENCE } from './framework-app.ts'
import { isInstalled } from './frameworks.ts'
import { CRON_SECRET, startSurroundings, type Surroundings } from './serverless-surroundings.ts'
import { closeContext } from '../support/close-context.ts'
import { freePort } from '../support/ports.ts'

const EXAMPLES = join(import.meta.dirname, '../../examples')
/** Others have tests of their own: they run in other languages */
const PROJECTS = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'package.json')))
const LIBRARY = ['turbo', 'htmx'] as const

describe.skipIf(!isInstalled).each(PROJECTS)('examples/%s', (name) => {
  let folder: string
  let url: string
  let installation: string
  let running: Running | undefined
  let surroundings: Surroundings | undefined
  let browser: Browser

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), `deskbell-example-${name}-`))
    cpSync(join(EXAMPLES, name), folder, { recursive: true, filter: (file) => !file.includes('node_modules') })
    // Whatever npm has to say, as people see it who have set nothing
    const args = ['install', '--loglevel=warn', '--no-audit', '--no-fund', '--prefer-offline', packed()]
    installation = execFileSync('sh', ['-c', 'npm "$@" 2>&1', 'npm', ...args], { cwd: folder, encoding: 'utf8' })
    const port = await freePort()
    url = `http://localhost:${port}`
    if (name === 'next-serverless') surroundings = await startSurroundings()
    const env = { ...surroundings?.env, PORT: String(port), NEXT_TELEMETRY_DISABLED: '1' }
    running = startIn(folder, 'npm', ['start'], env)
    // The first request for the chat starts it, in some of them
    await until(() => fetch(`${url}/support/widget.js`).then(({ ok }) => ok, running?.failed), PATIENCE / 2)
    browser = await connectBrowser()
  }, PATIENCE)
  afterAll(async () => {
    await browser?.close()
    await running?.stop()
    await surroundings?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  async function signIn(context: BrowserContext, who: 'ada' | 'sam'): Promise<void> {
    const page = await openPage(context)
    await page.goto(url)
    const done = page.waitForResponse((response) => response.request().method() === 'POST')
    await page.getByRole('button', { name: `Sign in as ${who === 'ada' ? 'Ada' : 'Sam'}` }).click()
    await done
    await expect.poll(async () => (await context.cookies()).map((cookie) => cookie.value)).toContain(who)
  }

  it('installs without a warning', () => {
    expect(installation.trim()).toMatch(/^added \d+ packages[^\n]*$/)
  })

  it('has a customer and staff chat with each other, signed in as themselves', { timeout: PATIENCE }, async () => {
    await converse(browser, { page: url, dashboard: `${url}/support/dashboard`, signIn })
  })

  it.runIf(name === 'next-serverless')(
    'tells the service, holds no streams, and runs jobs for the schedule',
    async () => {
      const hints = surroundings?.pusher.published.map(({ event }) => event)
      expect(hints).toContain('new-message')
      const stream = await fetch(`${url}/support/support_chat/events`, { headers: { cookie: 'who=ada' } })
      expect(stream.status).toBe(404)
      const { crons } = JSON.parse(readFileSync(join(folder, 'vercel.json'), 'utf8')) as { crons: { path: string }[] }
      const run = (secret: string) => fetch(url + crons[0]?.path, { headers: { authorization: `Bearer ${secret}` } })
      expect((await run('a guess')).status).toBe(401)
      expect(await (await run(CRON_SECRET)).json()).toMatchObject({ is_done: true })
    },
  )

  it.runIf(name === 'turbo-htmx').each(LIBRARY)('keeps the open chat from page to page with %s', async (library) => {
    const context = await openContext(browser)
    await signIn(context, 'ada')
    const page = await openPage(context)
    await page.goto(`${url}/${library}/1`)
    await page.getByRole('button', { name: /^Open support chat/ }).click()
    const box = page.getByRole('textbox', { name: 'Message' })
    await box.fill('A draft')
    // It would not outlive a page that is loaded anew
    await page.evaluate('globalThis.stayed = true')
    for (const title of ['The second page', 'The first page']) {
      await page.getByRole('link', { name: 'Another page' }).click()
      await page.getByRole('heading', { name: title }).waitFor()
      expect(await box.inputValue()).toBe('A draft')
    }
    expect(await page.evaluate('globalThis.stayed')).toBe(true)
    expect(await page.evaluate(`document.querySelectorAll('deskbell-chat').length`)).toBe(1)
    await closeContext(context)
  })
})
