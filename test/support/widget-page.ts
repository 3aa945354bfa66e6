// The widget in a page of a host, as somebody uses it.
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { giveHostPage } from './browser.ts'

export const box = (page: Page): Locator => page.getByRole('textbox', { name: 'Message' })
export const log = (page: Page): Locator => page.getByRole('log')
export const launcher = (page: Page): Locator => page.getByRole('button', { name: /^Open support chat/ })

/** @param attributes of the script's tag */
export async function visitHost(context: BrowserContext, server: string, attributes = ''): Promise<Page> {
  const page = await context.newPage()
  await giveHostPage(page, `<!doctype html><title>Host</title><script src="/widget.js" ${attributes} async></script>`)
  await page.goto(`${server}/host`)
  return page
}

/** Until it is known whose the chat is: before that, the panel takes no words */
export async function openChat(page: Page): Promise<void> {
  await launcher(page).click()
  await page.getByText('Connected').first().waitFor({ state: 'attached' })
  // A socket by cookie may be there before an answer says whose it is
  await log(page).waitFor()
}

export async function say(page: Page, words: string): Promise<void> {
  await box(page).fill(words)
  await box(page).press('Enter')
}
