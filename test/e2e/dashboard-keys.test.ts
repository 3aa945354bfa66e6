// The dashboard by keyboard: shortcuts on every layout, a focus that is never lost, and clicks and keys that mean what was there.
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let server: TestServer
let contexts: BrowserContext[] = []
const problems: string[] = []

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  server = await startServer()
})
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  contexts = []
  await server.stop()
  expect(problems.splice(0)).toEqual([])
})

async function say(id: string, content = `Hello from ${id}`): Promise<string> {
  const headers = {
    authorization: `Bearer ${await server.userToken(id)}`,
    'content-type': 'application/json',
  }
  const chat = (await (await fetch(`${server.url}/support_chat`, { headers })).json()) as { id: string }
  const body = JSON.stringify({ content })
  await fetch(`${server.url}/support_chat/messages`, { method: 'POST', headers, body })
  return chat.id
}
async function archive(chat: string, word: 'archive' | 'unarchive' = 'archive'): Promise<void> {
  const headers = { authorization: `Bearer ${await server.adminToken('colleague')}` }
  await fetch(`${server.url}/admin/chats/${chat}/${word}`, { method: 'POST', headers })
}

async function staffPage(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext(options)
  contexts.push(context)
  context.setDefaultTimeout(120_000)
  await context.request.post(`${server.url}/dashboard/session`, {
    headers: { authorization: `Bearer ${await server.adminToken()}` },
  })
  const page = await context.newPage()
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(`${server.url}/dashboard`)
  return page
}

const card = (page: Page, id: string) => page.getByRole('link', { name: new RegExp(`${id}@example\\.com`) })
/** The person of the row that has the focus; else the id of what has it */
const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(`(() => {
    const row = document.activeElement.closest('[data-row]')
    return row ? row.querySelector('.card-email').textContent.split('@')[0] : document.activeElement.id
  })()`)
const isFocused = (page: Page, selector: string): Promise<boolean> =>
  page.evaluate<boolean>(`document.activeElement.matches('${selector}')`)
/**
 * Runs an action in the page as soon as the condition holds, before anything else can happen there.
 * @returns once the page watches for it; the function waits until it ran
 */
async function asSoonAs(page: Page, condition: string, action: string): Promise<() => Promise<void>> {
  await page.evaluate<void>(`window.acted = new Promise((resolve) => {
    new MutationObserver((_changes, observer) => queueMicrotask(() => {
      if (!(${condition})) return
      observer.disconnect()
      ${action}
      resolve()
    })).observe(document.body, { childList: true, subtree: true, characterData: true })
  }), undefined`)
  return () => page.evaluate<void>('window.acted')
}
const pressE = `dispatchEvent(new KeyboardEvent('keydown', { key: 'e', code: 'KeyE', bubbles: true }))`

/** A key press as another layout gives it */
async function press(keyboard: CDPSession, key: string, code: string, more: object = {}): Promise<void> {
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, ...more })
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code, ...more })
}

describe('shortcuts', () => {
  it('lie where they lie on an English keyboard, where no Latin letters can be typed', async () => {
    for (const id of ['cyd', 'bob', 'ada']) await say(id)
    const page = await staffPage()
    await card(page, 'ada').waitFor()
    const keyboard = await page.context().newCDPSession(page)
    const layouts = [
      ['Russian', 'о', 'л', 'к', '.'],
      ['Greek', 'ξ', 'κ', 'ρ', '/'],
      ['Hebrew', 'ח', 'ל', 'ר', '.'],
      ['Arabic', 'ت', 'ن', 'ق', 'ظ'],
      ['Thai', '่', 'า', 'พ', 'ฝ'],
      ['Korean', 'ㅓ', 'ㅏ', 'ㄱ', '/'],
      ['Caps Lock', 'J', 'K', 'R', '/'],
    ] as const
    for (const [name, j, k, r, slash] of layouts) {
      await page.getByRole('tab', { name: 'Archived' }).click()
      await page.getByRole('tab', { name: 'Active' }).click()
      await card(page, 'ada').waitFor()
      for (const expected of ['ada', 'bob', 'cyd']) {
        await press(keyboard, j, 'KeyJ')
        await expect.poll(() => focused(page), { message: name }).toBe(expected)
      }
      await press(keyboard, k, 'KeyK')
      await expect.poll(() => focused(page), { message: name }).toBe('bob')
      await page.keyboard.press('Enter')
      await page.getByRole('textbox', { name: 'Message' }).waitFor()
      await press(keyboard, r, 'KeyR')
      await expect.poll(() => isFocused(page, 'textarea'), { message: name }).toBe(true)
      // What is typed there is text
      for (const [key, code] of [
        [j, 'KeyJ'],
        [r, 'KeyR'],
      ] as const)
        await press(keyboard, key, code, { text: key })
      expect(await page.getByRole('textbox', { name: 'Message' }).inputValue(), name).toBe(j + r)
      await page.getByRole('textbox', { name: 'Message' }).fill('')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await expect.poll(() => focused(page), { message: name }).toBe('bob')
      if (slash !== '.') {
        await press(keyboard, slash, 'Slash')
        await expect.poll(() => isFocused(page, '#search'), { message: name }).toBe(true)
        await page.keyboard.press('Escape')
      }
    }
  })

  it('stay with the letters where a layout has them elsewhere, and leave chords and held keys alone', async () => {
    for (const id of ['cyd', 'bob', 'ada']) await say(id)
    const page = await staffPage()
    await card(page, 'ada').waitFor()
    const keyboard = await page.context().newCDPSession(page)
    const changes: string[] = []
    page.on('request', (request) => request.method() === 'POST' && changes.push(request.url()))
    // Dvorak has j where English has c
    await press(keyboard, 'j', 'KeyC')
    await expect.poll(() => focused(page)).toBe('ada')
    for (const [key, code, more] of [
      ['h', 'KeyJ', {}],
      ['.', 'KeyE', {}],
      ['E', 'KeyE', { modifiers: 8 }],
      ['e', 'KeyE', { modifiers: 2 }],
      ['e', 'KeyE', { modifiers: 1 }],
      ['e', 'KeyE', { modifiers: 4 }],
      ['e', 'KeyE', { autoRepeat: true }],
      ['у', 'KeyE', { autoRepeat: true }],
    ] as const)
      await press(keyboard, key, code, more)
    // Held down, j goes on
    await press(keyboard, 'j', 'KeyJ', { autoRepeat: true })
    await expect.poll(() => focused(page)).toBe('bob')
    expect(changes).toEqual([])
    // "?" lies elsewhere on German and French keyboards
    for (const [key, code] of [
      ['?', 'Minus'],
      ['?', 'KeyM'],
      ['؟', 'Slash'],
    ] as const) {
      await press(keyboard, key, code, { modifiers: 8 })
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
      await expect.poll(() => focused(page)).toBe('bob')
    }
  })

  it('can be turned off for this browser; Escape, Enter and the arrows stay', async () => {
    for (const id of ['bob', 'ada']) await say(id)
    const page = await staffPage()
    await card(page, 'ada').waitFor()
    const openHelp = async () => {
      await page.getByRole('button', { name: /^Menu/ }).click()
      await page.getByRole('button', { name: 'Keyboard shortcuts' }).click()
    }
    await openHelp()
    await page.getByRole('checkbox', { name: /^Single keys are shortcuts/ }).uncheck()
    const keys = () => page.getByRole('dialog').locator('kbd').allTextContents()
    expect(await keys()).toEqual(['Enter', '↓', '↑', 'Shift', '↓', 'Ctrl / ⌘', 'K', 'Esc'])
    await page.keyboard.press('Escape')
    await page.reload()
    await card(page, 'ada').waitFor()
    for (const key of ['j', 'e', '/', '?', 'd', 'r']) await page.keyboard.press(key)
    expect(await isFocused(page, 'body')).toBe(true)
    expect(await page.getByRole('dialog').count()).toBe(0)
    await card(page, 'ada').focus()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => focused(page)).toBe('bob')
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => focused(page)).toBe('bob')
    await openHelp()
    await page.getByRole('checkbox', { name: /^Single keys/ }).check()
    expect(await keys()).toContain('j')
    await page.keyboard.press('Escape')
    await card(page, 'ada').focus()
    await page.keyboard.press('j')
    await expect.poll(() => focused(page)).toBe('bob')
  })
})

describe('the focus', () => {
  it('goes on to the next row when one is archived, up from the last, and to the list when none is left', async () => {
    const chats = new Map<string, string>()
    for (const id of ['eve', 'dan', 'cyd', 'bob', 'ada']) chats.set(id, await say(id))
    const page = await staffPage()
    await card(page, 'bob').click()
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
    await page.mouse.move(900, 300)
    // The chat that is open too
    await card(page, 'bob').focus()
    await page.keyboard.press('e')
    await card(page, 'bob').waitFor({ state: 'detached' })
    await expect.poll(() => focused(page)).toBe('cyd')
    await page.keyboard.press('e')
    await card(page, 'cyd').waitFor({ state: 'detached' })
    await expect.poll(() => focused(page)).toBe('dan')
    // A colleague archives it: the next key is not for the row that has taken its place
    const second = await asSoonAs(
      page,
      `document.activeElement.matches('[data-row]') && !document.activeElement.textContent.includes('dan@')`,
      `document.activeElement.${pressE}`,
    )
    await archive(chats.get('dan') ?? '')
    await second()
    await expect.poll(() => focused(page)).toBe('eve')
    expect(await card(page, 'eve').count()).toBe(1)
    await archive(chats.get('eve') ?? '')
    await expect.poll(() => focused(page)).toBe('ada')
    await archive(chats.get('ada') ?? '')
    await page.getByText('No open chats').waitFor()
    await expect.poll(() => focused(page)).toBe('chats')
    await page.keyboard.press('Escape')
    await page.getByText('Choose a chat').waitFor()
  })

  it('is nearby when a button that was pressed has gone, and Escape works on', async () => {
    await say('ada')
    const page = await staffPage()
    await card(page, 'ada').waitFor()
    let isAway = true
    await page.route(/\/admin\/chats/, (route) => (isAway ? route.abort() : route.continue()))
    await page.reload()
    const retry = page.getByRole('button', { name: 'Try again' })
    const tryAgain = async (): Promise<void> => {
      await retry.focus()
      // Not before: the page tries by itself too, and the button would be gone
      isAway = false
      await page.keyboard.press('Enter')
    }
    await retry.press('Enter')
    await expect.poll(() => focused(page)).toBe('chats')
    await tryAgain()
    await card(page, 'ada').waitFor()
    expect(await focused(page)).toBe('chats')
    isAway = true
    await card(page, 'ada').press('Enter')
    await retry.waitFor()
    await tryAgain()
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
    expect(await isFocused(page, '#conversation-title, .db-log')).toBe(true)
    await page.keyboard.press('Escape')
    await expect.poll(() => focused(page)).toBe('ada')
    // A chat that is not there offers a way back
    await page.goto(`${server.url}/dashboard?chat=00000000-0000-7000-8000-000000000000`)
    await page.getByText('This chat does not exist').waitFor()
    await page.getByRole('link', { name: 'To all chats' }).press('Enter')
    await page.getByText('Choose a chat').waitFor()
    expect(await isFocused(page, 'body')).toBe(false)
  })
})

describe('two of staff at one chat', () => {
  it('press Archive at the same moment: it is archived, and the second click restores nothing', async () => {
    const chat = await say('ada')
    const page = await staffPage()
    await page.goto(`${server.url}/dashboard?chat=${chat}`)
    const button = page.getByRole('button', { name: 'Archive' })
    await button.waitFor()
    const changes: string[] = []
    page.on('request', (request) => request.method() === 'POST' && changes.push(request.url()))
    // The click and the key come in the moment in which the button has become another one
    const restore = `Array.from(document.querySelectorAll('button')).find(({ textContent }) => textContent === 'Restore')`
    const clicked = await asSoonAs(page, restore, `${restore}.click(); document.body.${pressE}`)
    await archive(chat)
    await clicked()
    // A moment later it is meant
    await page.getByRole('button', { name: 'Restore' }).click()
    await button.waitFor()
    expect(changes.map((url) => url.replace(/.*\//, ''))).toEqual(['unarchive'])
  })

  it('double-click Archive, or hold Enter on it: it is archived once', async () => {
    const chat = await say('ada')
    const page = await staffPage()
    await page.goto(`${server.url}/dashboard?chat=${chat}`)
    await page.getByRole('button', { name: 'Archive' }).dblclick()
    const restore = page.getByRole('button', { name: 'Restore' })
    await restore.waitFor()
    await page.getByRole('button', { name: 'Restore', disabled: false }).waitFor()
    expect(await restore.count()).toBe(1)
    const keyboard = await page.context().newCDPSession(page)
    const changes: string[] = []
    page.on('request', (request) => request.method() === 'POST' && changes.push(request.url()))
    await restore.focus()
    const enter = { key: 'Enter', code: 'Enter', text: '\r', windowsVirtualKeyCode: 13 }
    await keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', ...enter })
    await page.getByRole('button', { name: 'Archive', disabled: false }).waitFor()
    for (let n = 0; n < 5; n++)
      await keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', autoRepeat: true, ...enter })
    await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter })
    await page.getByRole('button', { name: 'Archive', disabled: false }).press('Enter')
    await restore.waitFor()
    expect(changes.map((url) => url.replace(/.*\//, ''))).toEqual(['unarchive', 'archive'])
  })
})
