import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserServer,
  type LaunchOptions,
  type Page,
} from 'playwright-core'
import { closeContext } from './close-context.ts'
import { browserProgram, WHOLE } from './install-browser.ts'

const optionsWith = (args: string[]): LaunchOptions => ({
  executablePath: browserProgram(),
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    ...args,
  ],
})

/** Of all test files of this process: starting one takes as much of the processor as a test does */
let shared: Promise<Browser> | undefined
let users = 0
let ending: NodeJS.Timeout | undefined
/** For so long it waits for the next file (ms) */
const WAITS = 5_000

/** @param args further ones, for a browser of one's own */
export async function launchBrowser(...args: string[]): Promise<Browser> {
  if (args.length > 0) return patient(await chromium.launch(optionsWith(args)))
  users++
  clearTimeout(ending)
  shared ??= launchShared()
  return part(await shared)
}

function launchShared(): Promise<Browser> {
  // After one that did not start, or crashed, the next file gets another
  const forget = (): void => {
    if (shared === launched) shared = undefined
  }
  const launched = chromium.launch(optionsWith([])).then((browser) => {
    browser.once('disconnected', forget)
    return patient(browser)
  })
  launched.catch(forget)
  return launched
}

/** A browser whose contexts are one test file's, and which is closed with them */
function part(browser: Browser): Browser {
  const contexts: BrowserContext[] = []
  async function newContext(...options: Parameters<Browser['newContext']>): Promise<BrowserContext> {
    const context = await browser.newContext(...options)
    contexts.push(context)
    return context
  }
  const own: Partial<Browser> = {
    newContext,
    newPage: async (...options) => (await newContext(...options)).newPage(),
    async close() {
      await Promise.all(contexts.map(closeContext))
      if (--users > 0) return
      ending = setTimeout(() => {
        shared = undefined
        void browser.close()
      }, WAITS)
    },
  }
  return new Proxy(browser, {
    get(target, name) {
      const value: unknown = Reflect.get(own, name) ?? Reflect.get(target, name)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

/** One that can show the desktop's notifications, where its pages have the permission */
export const launchWholeBrowser = async (): Promise<Browser> =>
  patient(await chromium.launch({ ...optionsWith([]), executablePath: WHOLE, channel: 'chromium' }))

/** A limit ends a test that hangs, and a busy machine reaches the half minute that is the default */
function patient(browser: Browser): Browser {
  browser.on('context', (context) => {
    context.setDefaultTimeout(120_000)
    closeAfterTest(context)
  })
  return browser
}

/** Benchmarks open pages too */
const vitest = process.env['VITEST'] ? await import('vitest') : undefined

/** So that a test that fails leaves no page open, which the next one would find online */
function closeAfterTest(context: BrowserContext): void {
  try {
    vitest?.onTestFinished(() => closeContext(context))
  } catch {
    // It is that of all tests of a file
  }
}

/** One for many processes, which connect to its `wsEndpoint()` */
export const serveBrowser = (): Promise<BrowserServer> => chromium.launchServer(optionsWith([]))

/** Lets a page open `/host` of any server: a host's page, which the server does not have */
export async function giveHostPage(page: Page, html: string): Promise<void> {
  // Such a page comes from no address, and Chromium refuses its sockets to this machine unless they are allowed
  await page.context().grantPermissions(['local-network-access'])
  await page.route('**/host', (route) => route.fulfill({ contentType: 'text/html', body: html }))
}
