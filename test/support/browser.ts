import { chromium, type Browser, type BrowserServer, type LaunchOptions, type Page } from 'playwright-core'
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

/** @param args further ones */
export const launchBrowser = async (...args: string[]): Promise<Browser> =>
  patient(await chromium.launch(optionsWith(args)))

/** One that can show the desktop's notifications, where its pages have the permission */
export const launchWholeBrowser = async (): Promise<Browser> =>
  patient(await chromium.launch({ ...optionsWith([]), executablePath: WHOLE, channel: 'chromium' }))

/** A limit ends a test that hangs, and a busy machine reaches the half minute that is the default */
function patient(browser: Browser): Browser {
  browser.on('context', (context) => context.setDefaultTimeout(60_000))
  return browser
}

/** One for many processes, which connect to its `wsEndpoint()` */
export const serveBrowser = (): Promise<BrowserServer> => chromium.launchServer(optionsWith([]))

/** Lets a page open `/host` of any server: a host's page, which the server does not have */
export async function giveHostPage(page: Page, html: string): Promise<void> {
  // Such a page comes from no address, and Chromium refuses its sockets to this machine unless they are allowed
  await page.context().grantPermissions(['local-network-access'])
  await page.route('**/host', (route) => route.fulfill({ contentType: 'text/html', body: html }))
}
