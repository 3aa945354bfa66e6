import { chromium, type Browser, type Page } from 'playwright-core'
import { browserProgram } from './install-browser.ts'

/** @param args further ones */
export function launchBrowser(...args: string[]): Promise<Browser> {
  return chromium.launch({
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
}

/** Lets a page open `/host` of any server: a host's page, which the server does not have */
export async function giveHostPage(page: Page, html: string): Promise<void> {
  // Such a page comes from no address, and Chromium refuses its sockets to this machine unless they are allowed
  await page.context().grantPermissions(['local-network-access'])
  await page.route('**/host', (route) => route.fulfill({ contentType: 'text/html', body: html }))
}
