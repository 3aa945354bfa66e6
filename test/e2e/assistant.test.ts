// The assistant as people see it: what it wrote is marked, a person is one click away, and its drafts are staff's to change and to take back.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { MessagePage } from '../../src/protocol/types.ts'
import type { AssistantOptions } from '../../src/server/assistant/options.ts'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { box, log, openChat, say, visitHost } from '../support/widget-page.ts'

let browser: Browser
let desk: Desk | undefined
let contexts: BrowserContext[] = []
const problems: string[] = []
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  contexts = []
  await desk?.stop()
  expect(problems.splice(0)).toEqual([])
})

/** Ada's page and Sam's dashboard; the cookie of a browser says whose it is */
async function start(assistant: AssistantOptions) {
  const people = {
    ada: { id: 'ada', role: 'user', name: 'Ada', email: 'ada@example.com' },
    sam: { id: 'sam', role: 'admin', name: 'Sam', email: 'sam@desk.example' },
  } as const
  const running = await startDesk({
    assistant,
    authenticate: (request) =>
      people[/\bwho=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1] as keyof typeof people] ?? null,
  })
  desk = running
  const { token, chatId } = await running.person('ada')
  async function contextOf(who: keyof typeof people): Promise<BrowserContext> {
    const context = await browser.newContext({ bypassCSP: true })
    contexts.push(context)
    context.setDefaultTimeout(120_000)
    context.on('weberror', (error) => problems.push(String(error.error())))
    await context.addCookies([{ name: 'who', value: who, url: running.url }])
    return context
  }
  return {
    running,
    token,
    chatId,
    widget: async () => visitHost(await contextOf('ada'), running.url),
    dashboard: async (): Promise<Page> => {
      const page = await (await contextOf('sam')).newPage()
      await page.goto(`${running.url}/dashboard?chat=${chatId}`)
      await box(page).waitFor()
      return page
    },
    messages: async () =>
      (await running.call<MessagePage>('GET', '/support_chat/messages', token)).body.messages.map(
        ({ content }) => content,
      ),
  }
}

it('marks its answers, and lets a person be asked for, which staff see', async () => {
  let answered = 0
  const { widget, dashboard, running, token, chatId } = await start({
    name: 'Robo',
    answer: () => `Answer ${++answered}`,
  })
  const page = await widget()
  await openChat(page)
  const offer = page.getByRole('button', { name: 'Talk to a person' })
  await say(page, 'Hello')
  const answer = log(page).locator('.db-msg', { hasText: 'Answer 1' })
  await answer.getByText('· Automated').waitFor()
  expect(await answer.getByText('Robo').count()).toBeGreaterThan(0)
  await offer.waitFor()
  expect(await page.getByText('This answer is automated.').count()).toBe(1)
  await page.evaluate("document.documentElement.lang = 'en'")
  expect(await violations(page)).toEqual([])

  const desktop = await dashboard()
  const shown = desktop.locator('.db-msg', { hasText: 'Answer 1' })
  await shown.getByText('· Automated').waitFor()
  expect(await shown.getByText('Robo', { exact: true }).count()).toBe(1)
  expect(await shown.getByText(/^You\b/).count()).toBe(0)
  await offer.focus()
  await page.keyboard.press('Enter')
  await page.getByText('The team knows. A person will answer here.').waitFor()
  await expect.poll(() => offer.count()).toBe(0)
  await log(desktop).getByText('Asked for a person, so the assistant has stopped answering').waitFor()

  // Who asked is not asked again, here or on another page
  await say(page, 'Is somebody there?')
  await log(desktop).getByText('Is somebody there?').waitFor()
  await page.reload()
  await openChat(page)
  await log(page).getByText('Is somebody there?').waitFor()
  expect(await offer.count()).toBe(0)
  await box(desktop).fill('A person')
  await box(desktop).press('Enter')
  const reply = log(page).locator('.db-msg', { hasText: 'A person' })
  await reply.waitFor()
  expect(await reply.getByText('Automated').count()).toBe(0)
  expect(answered).toBe(1)
  expect((await running.call('POST', '/support_chat/hand_over', token)).body).toEqual({ handed_over: false })

  // The next conversation, on a page that saw the end of the last one
  await running.call('POST', `/admin/chats/${chatId}/archive`, await running.admin())
  await say(page, 'Another thing')
  await offer.waitFor()
  await log(page).getByText('Answer 2').waitFor()
})

it('puts a draft into the box as it comes, which one click stops, and another takes back', async () => {
  /** Each with what lets it go on, and how often it did */
  const drafts: { signal: AbortSignal; steps: (() => void)[] }[] = []
  const { dashboard, messages, running, token } = await start({
    async *suggest(_chat, { signal }) {
      const steps: (() => void)[] = []
      drafts.push({ signal, steps })
      for (const piece of ['Dear ', 'Ada, ', 'hello']) {
        await new Promise<void>((resolve) => steps.push(resolve))
        yield piece
      }
    },
  })
  await running.call('POST', '/support_chat/messages', token, { content: 'Hello' })
  const page = await dashboard()
  const suggest = page.getByRole('button', { name: 'Suggest a reply' })
  const stop = page.getByRole('button', { name: 'Stop the suggestion' })
  const undo = page.getByRole('button', { name: 'Undo' })
  const step = async (draft: number, n: number): Promise<void> => (await until(() => drafts[draft]?.steps[n]))()
  const text = () => box(page).inputValue()

  await box(page).fill('First of all:')
  await suggest.click()
  await step(0, 0)
  await expect.poll(text).toBe('First of all:\n\nDear ')
  await step(0, 1)
  await expect.poll(text).toBe('First of all:\n\nDear Ada, ')
  await page.evaluate("document.documentElement.lang = 'en'")
  expect(await violations(page)).toEqual([])
  await stop.click()
  await until(() => drafts[0]?.signal.aborted)
  await suggest.waitFor()
  await undo.click()
  expect(await text()).toBe('First of all:')
  await expect.poll(() => undo.count()).toBe(0)

  // Whoever types has the box
  await box(page).fill('')
  await suggest.click()
  await step(1, 0)
  await expect.poll(text).toBe('Dear ')
  await box(page).press('End')
  await box(page).pressSequentially('X')
  await step(1, 1)
  await until(() => drafts[1]?.signal.aborted)
  expect(await text()).toBe('Dear X')
  expect(await undo.count()).toBe(0)
  await box(page).press('Enter')
  await expect.poll(messages).toEqual(['Hello', 'Dear X'])
  // A note has none
  await page.getByRole('button', { name: /^Note/ }).click()
  await expect.poll(() => suggest.count()).toBe(0)
})

it('says when there is no draft, and when it failed', async () => {
  const given: (() => string | null)[] = [
    () => null,
    () => {
      throw new Error('broken')
    },
    () => 'There it is',
  ]
  const { dashboard, running } = await start({ suggest: () => given.shift()?.() })
  const page = await dashboard()
  const suggest = page.getByRole('button', { name: 'Suggest a reply' })
  for (const said of ['There is no suggestion', 'The suggestion did not come. Try again.']) {
    await suggest.click()
    await page.locator('.suggest-outcome', { hasText: said }).waitFor()
  }
  await suggest.click()
  await expect.poll(() => box(page).inputValue()).toBe('There it is')
  await page.getByText('A suggested reply is in the box').waitFor({ state: 'attached' })
  expect(running.errors.splice(0).map(String)).toEqual(['Error: broken'])
})
