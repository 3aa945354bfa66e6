// Keys, focus and drops: what happens in the chat stays there, and what somebody does in the page is not disturbed.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { htmlPage, startHostSite, type HostSite } from '../support/host-site.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let desk: TestServer
let site: HostSite
let page: Page
let visitors = 0

beforeAll(async () => {
  browser = await launchBrowser()
  desk = await startServer()
  site = await startHostSite()
})
afterAll(async () => {
  await browser.close()
  await site.stop()
  await desk.stop()
})

beforeEach(async () => {
  page = await browser.newPage()
  page.setDefaultTimeout(120_000)
  const token = await desk.userToken(`visitor-${visitors++}`)
  await page.goto(
    site.set(
      '/',
      htmlPage(
        `<input aria-label="Name"><div contenteditable aria-label="Notes" role="textbox">x</div>
        <button onclick="document.querySelector('deskbell-chat').open()">Ask us</button>
        <script src="${desk.url}/widget.js" data-token="${token}"></script>`,
      ),
    ),
  )
})
afterEach(() => page.close())

const launcher = () => page.getByRole('button', { name: /^Open support chat/ })
const box = () => page.getByRole('textbox', { name: 'Message' })
const name = () => page.getByRole('textbox', { name: 'Name' })
const chat = 'document.querySelector("deskbell-chat")'
/** What has focus: `INPUT`, or in the chat `DESKBELL-CHAT TEXTAREA` */
const focused = () =>
  page.evaluate<string>(
    `[document.activeElement, document.activeElement.shadowRoot?.activeElement].filter(Boolean).map((e) => e.tagName).join(' ')`,
  )
/** Waits until the browser has nothing left to do for the page */
const settled = () => page.evaluate('new Promise((done) => requestAnimationFrame(() => requestIdleCallback(done)))')

async function openChat(): Promise<void> {
  await launcher().click()
  await box().waitFor()
  await page.getByRole('log').waitFor()
  await expect.poll(focused).toBe('DESKBELL-CHAT TEXTAREA')
  // What the panel does about the page comes a moment after it
  await page.waitForFunction(`performance.getEntriesByType('resource').some(({ name }) => /in-page-.*js$/.test(name))`)
  await settled()
}

it('keeps typing and editing from the page, and lets its chords and Tab through', async () => {
  await openChat()
  await page.evaluate(`{
    window.heard = []
    for (const type of ['keydown', 'keypress', 'keyup', 'beforeinput', 'input', 'paste', 'copy', 'cut', 'compositionend'])
      for (const target of [document, window, document.body])
        target.addEventListener(type, (event) => heard.push(type + ' ' + (event.key ?? '')))
  }`)
  const heard = () => page.evaluate<string[]>('heard.splice(0)')
  await page.keyboard.type('jek/s?éЖ')
  for (const key of [
    'Backspace',
    'ArrowLeft',
    'End',
    'Delete',
    'Control+a',
    'Control+c',
    'Control+z',
    'Shift+A',
    'Control+ArrowLeft',
  ])
    await page.keyboard.press(key)
  await page.keyboard.press('Enter')
  await page.getByRole('log').locator('.db-bubble').first().waitFor()
  // Without the keyups of Ctrl and Shift themselves, which say nothing
  expect(await heard()).toEqual([])
  await page.keyboard.press('Control+k')
  expect((await heard()).filter((line) => line.endsWith('k'))).toContain('keydown k')
  await page.keyboard.press('Tab')
  expect(await heard()).toContain('keydown Tab')
  await box().focus()
  await page.keyboard.press('Escape')
  await box().waitFor({ state: 'detached' })
  expect(await heard()).toEqual([])
})

it('lets people write beside a dialog that pulls focus back, and scroll where the page forbids it', async () => {
  await openChat()
  await page.evaluate(`{
    document.addEventListener('focusin', (event) => {
      const input = document.querySelector('input')
      if (event.target !== input) input.focus()
    })
    for (const type of ['wheel', 'touchmove', 'contextmenu'])
      document.addEventListener(type, (event) => event.preventDefault(), { passive: false })
  }`)
  await name().focus()
  await box().click()
  await page.keyboard.type('Still here')
  expect(await box().inputValue()).toBe('Still here')
  const prevented = await page.evaluate(`['wheel', 'touchmove', 'contextmenu'].filter((type) =>
    !${chat}.shadowRoot.querySelector('.db-log').dispatchEvent(new Event(type, { bubbles: true, composed: true, cancelable: true })))`)
  expect(prevented).toEqual([])
})

it('leaves focus to whoever types in the page while the chat closes, opens, or changes its person', async () => {
  const other = JSON.stringify(await desk.userToken('another'))
  await openChat()
  for (const field of [name(), page.getByRole('textbox', { name: 'Notes' })]) {
    await field.focus()
    const before = await focused()
    for (const step of [
      `${chat}.close()`,
      `${chat}.open()`,
      `${chat}.heading = 'Other'`,
      `${chat}.close()`,
      `${chat}.open()`,
      `${chat}.token = ${other}`,
      `${chat}.open()`,
      `${chat}.reset()`,
    ]) {
      await page.evaluate(step)
      if (step.endsWith('.open()')) await box().waitFor()
      await settled()
      expect(await focused(), step).toBe(before)
    }
    await page.evaluate(`${chat}.token = ${other}`)
    await page.evaluate(`${chat}.open()`)
    await box().waitFor()
  }
})

it('takes focus when it is opened by hand, and gives it to the button when it goes while one writes there', async () => {
  await page.getByRole('button', { name: 'Ask us' }).click()
  await expect.poll(focused).toBe('DESKBELL-CHAT TEXTAREA')
  await page.evaluate(`${chat}.close()`)
  expect(await focused()).toBe('DESKBELL-CHAT BUTTON')
  await launcher().press('Enter')
  await expect.poll(focused).toBe('DESKBELL-CHAT TEXTAREA')
  await page.evaluate(`${chat}.reset()`)
  expect(await focused()).toBe('DESKBELL-CHAT BUTTON')
})

it('never lets the browser leave the page for what is dropped on the panel', async () => {
  await openChat()
  /** Whether the browser would act on it, and whether the page heard of it */
  const drop = (selector: string, kind: 'file' | 'text') =>
    page.evaluate<[boolean, number]>(`{
      const data = new DataTransfer()
      ${kind === 'file' ? `data.items.add(new File(['x'], 'x.html', { type: 'text/html' }))` : `data.setData('text/plain', 'x')`}
      let heard = 0
      const hear = () => heard++
      document.addEventListener('drop', hear)
      const on = ${chat}.shadowRoot.querySelector(${JSON.stringify(selector)})
      const acts = ['dragenter', 'dragover', 'drop'].map((type) =>
        on.dispatchEvent(new DragEvent(type, { bubbles: true, composed: true, cancelable: true, dataTransfer: data })))
      document.removeEventListener('drop', hear);
      [acts[1] || acts[2], heard]
    }`)
  for (const part of ['.header', '.db-log', 'textarea', '.db-send', '.panel'])
    expect(await drop(part, 'file')).toEqual([false, 0])
  expect(await drop('.db-log', 'text')).toEqual([false, 0])
  expect(await drop('textarea', 'text')).toEqual([true, 0])
  // The button beside it
  expect((await drop('.launch', 'file'))[0]).toBe(false)
})
