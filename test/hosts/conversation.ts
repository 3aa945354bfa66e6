// A customer and somebody of staff, each in a browser of their own, chat inside a host's app.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { closeContext } from '../support/close-context.ts'
import { until } from '../support/desk.ts'
import { openContext, openPage } from './browser.ts'

export interface Parties {
  /** Where the customer is: a page with the widget */
  page: string
  /** Where staff is */
  dashboard: string
  /** Signs somebody in as the host's app does it */
  signIn: (context: BrowserContext, who: 'ada' | 'sam') => Promise<void>
}

/** Both write, and both see what both wrote. @throws Error when one of them does not, or when a page reports an error */
export async function converse(browser: Browser, { page, dashboard, signIn }: Parties): Promise<void> {
  const problems: string[] = []
  const open = async (who: 'ada' | 'sam', url: string): Promise<Page> => {
    const context = await openContext(browser)
    context.setDefaultTimeout(120_000)
    const opened = await openPage(context)
    opened.on('pageerror', (error) => problems.push(error.message))
    await signIn(context, who)
    await opened.goto(url)
    return opened
  }
  const say = async (from: Page, text: string): Promise<void> => {
    const box = from.getByRole('textbox', { name: 'Message' })
    const send = from.getByRole('button', { name: 'Send' })
    await box.fill(text)
    await send.click()
    // Until the chat has come, nothing is sent, and the text stays where it is. Once it was sent, the button is disabled
    await until(async () => (await box.inputValue()) === '' || (await send.click({ force: true })))
  }
  const see = (at: Page, text: string): Promise<void> => at.getByRole('log').getByText(text).last().waitFor()

  const customer = await open('ada', page)
  const staff = await open('sam', dashboard)
  await customer.getByRole('button', { name: /^Open support chat/ }).click()
  const id = Date.now().toString(36)
  await say(customer, `A question ${id}`)
  await staff.getByRole('link', { name: /ada@example\.com/ }).click()
  await see(staff, `A question ${id}`)
  await say(staff, `An answer ${id}`)
  for (const at of [customer, staff]) await see(at, `An answer ${id}`)
  for (const at of [customer, staff]) await closeContext(at.context())
  if (problems.length > 0) throw new Error(problems.join('\n'))
}
