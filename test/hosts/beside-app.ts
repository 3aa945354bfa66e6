// A stand-alone Deskbell from the tarball, beside an app that is not Node's, which Debian's packages run.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'
import { until } from '../support/desk.ts'
import { installInEmptyApp, startIn, type App, type Running } from '../support/packed-app.ts'
import { SECRET } from '../support/server-process.ts'
import { connectBrowser, openPage } from './browser.ts'
import { converse } from './conversation.ts'
import { PATIENCE } from './framework-app.ts'
import { freePort } from '../support/ports.ts'

export interface BesideApp {
  /** Where the app is, and where Deskbell is */
  url: string
  deskbell: string
  stop(): Promise<void>
}

interface Making {
  /** Whether the machine has what the app needs */
  runs: boolean
  /** Makes the app in an empty folder. @returns where it is */
  make: (root: string) => string
  /** What starts it on a port */
  command: (port: number) => string[]
  env?: Record<string, string>
}

/** What the tests of an app work with, while they run */
export interface Beside {
  folder: string
  app: BesideApp
  browser: Browser
}

/** The suite of an app: it and a Deskbell are made and started before all tests, and are gone after them */
export function describeBeside(title: string, making: Making, tests: (here: Beside) => void): void {
  describe.skipIf(!making.runs)(title, () => {
    const here = {} as Beside
    let root = ''
    let deskbell: App | undefined
    beforeAll(async () => {
      root = mkdtempSync(join(tmpdir(), 'deskbell-beside-app-'))
      here.folder = making.make(root)
      deskbell = installInEmptyApp()
      here.app = await besideApp(deskbell, here.folder, making.command, making.env)
      here.browser = await connectBrowser()
    }, PATIENCE)
    afterAll(async () => {
      await here.browser?.close()
      await here.app?.stop()
      deskbell?.remove()
      rmSync(root, { recursive: true, force: true })
    })
    tests(here)
  })
}

/**
 * @param deskbell an app in which Deskbell is installed
 * @param folder that of the other app
 * @param command what starts it on a port
 */
async function besideApp(
  deskbell: App,
  folder: string,
  command: (port: number) => string[],
  env: Record<string, string> = {},
): Promise<BesideApp> {
  const [port, own] = [await freePort(), await freePort()]
  const url = `http://localhost:${port}`
  const data = mkdtempSync(join(tmpdir(), 'deskbell-beside-'))
  const settings = { DESKBELL_SECRET: SECRET, DESKBELL_URL: `http://localhost:${own}` }
  const [program = '', ...args] = command(port)
  const running: Running[] = [
    deskbell.start(['node_modules/deskbell/dist/cli/deskbell.js', 'serve'], {
      ...settings,
      PORT: String(own),
      DATA_DIR: data,
      SIGN_IN_URL: `${url}/support/staff`,
    }),
    startIn(folder, program, args, { ...settings, ...env }),
  ]
  const stop = async (): Promise<void> => {
    for (const each of running) await each.stop()
    rmSync(data, { recursive: true, force: true })
  }
  try {
    for (const [n, page] of [`${settings.DESKBELL_URL}/healthz`, url].entries())
      await until(() => fetch(page).then(({ ok }) => ok, running[n]?.failed), PATIENCE / 2)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, deskbell: settings.DESKBELL_URL, stop }
}

/** On the app's first page. Staff go on to the dashboard from a page of the app */
export async function signIn({ url }: BesideApp, context: BrowserContext, who: 'ada' | 'sam'): Promise<void> {
  const page = await openPage(context)
  await page.goto(url)
  await page.getByRole('button', { name: `Sign in as ${who === 'ada' ? 'Ada' : 'Sam'}` }).click()
  await page.waitForURL(`${url}/`)
  if (who === 'sam') {
    await page.goto(`${url}/support/staff`)
    await page.getByRole('button', { name: 'Open the dashboard' }).click()
    await page.waitForURL('**/dashboard')
  }
}

/** Somebody who signed in to the app and staff chat with each other */
export const conversesBeside = (browser: Browser, app: BesideApp): Promise<void> =>
  converse(browser, {
    page: `${app.url}/`,
    dashboard: `${app.deskbell}/dashboard`,
    signIn: (context, who) => signIn(app, context, who),
  })
