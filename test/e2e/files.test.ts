// Files in messages, as people attach, send, see and open them.
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SupportAttachment } from '../../src/protocol/attachments.ts'
import { contrast } from '../../src/server/notifications/mail-colors.ts'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { pixels } from '../support/pictures.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let server: TestServer
beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer({ RATE_LIMIT: 'off' })
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})

interface Message {
  content: string
  attachments: SupportAttachment[]
}

/** What `person` does over HTTP */
async function asking(person: string, at = server) {
  const authorization = `Bearer ${await at.userToken(person)}`
  const ask = async <T>(
    method: string,
    path: string,
    body?: string | Uint8Array<ArrayBuffer>,
    headers = {},
  ): Promise<T> => {
    const response = await fetch(at.url + path, {
      method,
      headers: { authorization, ...headers },
      ...(body && { body }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }
  await ask('GET', '/support_chat')
  return {
    messages: async () => (await ask<{ messages: Message[] }>('GET', '/support_chat')).messages,
    async send(content: string, files: Record<string, Uint8Array<ArrayBuffer>> = {}): Promise<void> {
      const attachment_ids: string[] = []
      for (const [name, file] of Object.entries(files)) {
        const headers = { 'content-type': 'application/octet-stream', 'x-file-name': encodeURIComponent(name) }
        attachment_ids.push((await ask<SupportAttachment>('POST', '/support_chat/attachments', file, headers)).id)
      }
      const body = JSON.stringify({ content, attachment_ids })
      await ask('POST', '/support_chat/messages', body, { 'content-type': 'application/json' })
    },
  }
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

async function newPage(options: BrowserContextOptions = {}): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options })
  context.setDefaultTimeout(120_000)
  return { context, page: await context.newPage() }
}

async function openWidget(page: Page, person: string, at = server): Promise<void> {
  await page.goto(`${at.url}/demo`)
  const token = JSON.stringify(await at.userToken(person))
  await page.evaluate(`document.querySelector('deskbell-chat').setAttribute('token', ${token})`)
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  await page.getByText('Connected').first().waitFor({ state: 'attached' })
}

async function openDashboard(page: Page, person: string, at = server): Promise<void> {
  const headers = { authorization: `Bearer ${await at.adminToken()}` }
  await page.context().request.post(`${at.url}/dashboard/session`, { headers })
  await page.goto(`${at.url}/dashboard`)
  await page.getByRole('link', { name: new RegExp(person) }).click()
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
}

const SIDES = [
  ['widget', openWidget],
  ['dashboard', openDashboard],
] as const

const box = (page: Page): Locator => page.getByRole('textbox', { name: 'Message' })
const link = (page: Page, name: string): Locator => page.getByRole('log').getByRole('link', { name })
const uploads = (page: Page): Locator => page.getByRole('list', { name: 'Attached files' }).getByRole('listitem')
const chooser = (page: Page): Locator => page.locator('.db-attach + input').first()
const picture = (name: string, width = 60, height = 40) => ({
  name,
  mimeType: 'image/png',
  buffer: pixels(width, height),
})

type Class = new (...values: unknown[]) => object
interface Data {
  items: { add: (file: object) => void }
  setData: (type: string, text: string) => void
}

/** Drops or pastes into an element. @returns whether the browser may do with it what it likes, such as leaving the page */
const give = (
  into: Locator,
  type: 'drop' | 'paste',
  { file, text }: { file?: string; text?: string },
): Promise<boolean> =>
  into.evaluate(
    (element, { type, file, text }) => {
      const classes = globalThis as unknown as Record<'DataTransfer' | 'File' | 'DragEvent' | 'ClipboardEvent', Class>
      const data = new classes.DataTransfer() as Data
      if (file !== undefined) data.items.add(new classes.File(['x'], file))
      if (text !== undefined) data.setData('text/plain', text)
      const options = { bubbles: true, composed: true, cancelable: true, dataTransfer: data, clipboardData: data }
      const event = new classes[type === 'drop' ? 'DragEvent' : 'ClipboardEvent'](type, options)
      return (element as unknown as { dispatchEvent: (event: object) => boolean }).dispatchEvent(event)
    },
    { type, file, text },
  )

it.each(SIDES)(
  'files are chosen, dropped and pasted, go without a word, and are there for both sides (%s)',
  async (where, open) => {
    const person = `both-${where}`
    const user = await asking(person)
    await user.send('Hello')
    const { context, page } = await newPage()
    await open(page, person)
    const attach = page.getByRole('button', { name: 'Attach files' })
    await attach.waitFor()
    const chosen = page.waitForEvent('filechooser')
    await attach.press('Enter')
    await (await chosen).setFiles([picture('chosen.png', 600, 400), picture('unwanted.png')])
    expect(await give(page.getByRole('log'), 'drop', { file: 'dropped.txt' })).toBe(false)
    await give(box(page), 'paste', { file: 'pasted.csv' })
    await expect.poll(() => page.locator('.db-upload.is-uploaded').count()).toBe(4)
    await page.getByText('pasted.csv is attached').waitFor({ state: 'attached' })

    await page.getByRole('button', { name: 'Remove unwanted.png' }).press('Enter')
    expect(await uploads(page).count()).toBe(3)
    await expect.poll(() => box(page).evaluate((element) => element.matches(':focus'))).toBe(true)
    await box(page).press('Enter')
    const shown = page.locator('.db-files').last()
    await shown.getByRole('link', { name: 'chosen.png' }).waitFor()
    expect(await uploads(page).count()).toBe(0)
    await expect
      .poll(async () => (await user.messages()).at(-1)?.attachments.map(({ name }) => name))
      .toEqual(['chosen.png', 'dropped.txt', 'pasted.csv'])
    // As large as it will be, before it has loaded
    const size = await shown.locator('.db-image').boundingBox()
    expect(Math.round(((size?.width ?? 0) * 400) / 600)).toBe(Math.round(size?.height ?? 0))
    expect(await shown.getByRole('link').allTextContents()).toEqual([
      '',
      'dropped.txtTXT · 1 byte',
      'pasted.csvCSV · 1 byte',
    ])
    expect(await box(page).inputValue()).toBe('')
    await context.close()
  },
)

it('an upload shows how far it is, holds the message back, and is cancelled or tried again; what will never go up says why', async () => {
  const { context, page } = await newPage()
  const person = 'uploads'
  const user = await asking(person)
  await openWidget(page, person)
  const send = page.getByRole('button', { name: 'Send' })
  await page.getByRole('button', { name: 'Attach files' }).waitFor()
  let answer: 'nothing' | 'too_many_files' | 'image_too_large' | 'all is well' = 'nothing'
  await page.route('**/support_chat/attachments?*', (route) => {
    if (answer === 'nothing') return
    if (answer === 'all is well') return route.continue()
    const status = answer === 'too_many_files' ? 429 : 422
    const body = JSON.stringify({ code: answer, status, title: answer })
    return route.fulfill({ status, contentType: 'application/problem+json', body })
  })
  await box(page).fill('Here it is')
  const cancelled = page.waitForEvent('requestfailed')
  await chooser(page).setInputFiles(picture('slow.png'))
  await page.getByRole('progressbar', { name: 'slow.png' }).waitFor()
  expect(await send.isDisabled()).toBe(true)
  await box(page).press('Enter')
  await page.getByRole('button', { name: 'Remove slow.png' }).click()
  expect((await cancelled).method()).toBe('POST')
  expect([await uploads(page).count(), await send.isDisabled()]).toEqual([0, false])

  answer = 'image_too_large'
  await chooser(page).setInputFiles(picture('huge.png'))
  await uploads(page).getByText('Not uploaded. It has too many pixels.').waitFor()
  expect(await page.getByRole('button', { name: 'Upload huge.png again' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Remove huge.png' }).click()
  await chooser(page).setInputFiles({ name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) })
  await uploads(page).getByText('Not uploaded. It is empty.').waitFor()
  await page.getByRole('button', { name: 'Remove empty.txt' }).click()

  answer = 'too_many_files'
  await chooser(page).setInputFiles(picture('again.png'))
  await uploads(page).getByText('Too many files for now. Try again later.').waitFor()
  answer = 'all is well'
  await page.getByRole('button', { name: 'Upload again.png again' }).click()
  await expect.poll(() => page.locator('.db-upload.is-uploaded').count()).toBe(1)
  await chooser(page).setInputFiles(Array.from({ length: 11 }, (_, n) => picture(`${n}.png`)))
  await page.getByText('A message takes up to 10 files.').waitFor()
  await expect.poll(() => page.locator('.db-upload.is-uploaded').count()).toBe(10)

  // What was attached is there when the panel comes back
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  await expect.poll(() => uploads(page).count()).toBe(10)
  await send.click()
  await expect.poll(async () => (await user.messages()).at(-1)?.attachments.length).toBe(10)
  expect((await user.messages()).map(({ content }) => content)).toEqual(['Here it is'])
  await context.close()
})

it.each(SIDES)(
  'a file that is dropped before the page can upload any waits, and goes up as soon as it can (%s)',
  async (where, open) => {
    const person = `early-${where}`
    await (await asking(person)).send('Hello')
    const { context, page } = await newPage()
    const late = Promise.withResolvers<void>()
    await page.route('**/files-*.js', async (route) => {
      await late.promise
      await route.continue()
    })
    await open(page, person)
    await expect.poll(() => give(page.getByRole('log'), 'drop', { file: 'early.txt' })).toBe(false)
    await give(box(page), 'paste', { file: 'second.txt' })
    expect(await page.getByText('Files cannot be sent here.').count()).toBe(0)
    late.resolve()
    await expect
      .poll(() => page.locator('.db-upload.is-uploaded bdi').allTextContents())
      .toEqual(['early.txt', 'second.txt'])
    await context.close()
  },
)

it.each(SIDES)('nothing moves in a log while its images load (%s)', async (where, open) => {
  const person = `still-${where}`
  const user = await asking(person)
  for (let n = 0; n < 6; n++)
    await user.send(`Number ${n}`, { 'tall.png': pixels(300, 900), [`${n}.png`]: pixels(900, 300) })
  await user.send('', { 'one.png': pixels(640, 480) })
  const { context, page } = await newPage()
  // What is around the log may come and go while the page loads
  await page.addInitScript(`moved = []
    const isInLog = ({ node }) => Boolean(node?.parentElement?.closest('[role=log]'))
    new PerformanceObserver((list) => {
      for (const { hadRecentInput, sources, value } of list.getEntries())
        if (!hadRecentInput && sources.some(isInLog)) moved.push([value, ...sources.map(({ node }) => node?.className ?? null)])
    }).observe({ type: 'layout-shift' })`)
  // What draws them comes late
  await page.route('**/files-*.js', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500))
    await route.continue()
  })
  let release: (() => void) | undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  await page.route('**/attachments/*?expires=*', async (route) => {
    await held
    await route.continue()
  })
  await open(page, person)
  const images = page.locator('.db-image img')
  await expect.poll(() => images.count()).toBe(13)
  const places = (): Promise<unknown> =>
    page
      .locator('.db-msg')
      .evaluateAll((all) =>
        all.map((one) =>
          JSON.stringify((one as unknown as { getBoundingClientRect: () => object }).getBoundingClientRect()),
        ),
      )
  const before = await places()
  release?.()
  await expect
    .poll(() => images.last().evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
    .toBe(640)
  expect(await places()).toEqual(before)
  expect(await page.evaluate('moved')).toEqual([])
  await context.close()
})

it.each(SIDES)(
  'images open in a viewer, by keyboard alone, and the page hears no key of it (%s)',
  async (where, open) => {
    const person = `viewer-${where}`
    const user = await asking(person)
    await user.send('*Two*', { 'one.png': pixels(1600, 900), 'two.png': pixels(300, 200) })
    await user.send('', { 'three.png': pixels(30, 20) })
    const { context, page } = await newPage()
    await open(page, person)
    // A log whose formatting comes late is drawn again, and takes the focus of what was in it
    await page.getByRole('log').locator('strong').waitFor()
    await link(page, 'one.png').waitFor()
    await page.evaluate(`heard = []; addEventListener('keydown', ({ key }) => heard.push(key))`)
    await link(page, 'one.png').press('Enter')
    const viewer = page.getByRole('dialog', { name: 'Images' })
    await viewer.waitFor()
    await viewer.getByText('1 of 3').waitFor()
    const image = viewer.getByRole('img')
    const width = async (): Promise<number> => Math.round((await image.boundingBox())?.width ?? 0)
    const fitted = await width()
    expect(fitted).toBeLessThanOrEqual(1200)
    for (const [key, factor] of [
      ['+', 1.5],
      ['+', 2],
      ['-', 1.5],
      ['0', 1],
    ] as const) {
      await page.keyboard.press(key)
      await expect.poll(width).toBe(Math.round(fitted * factor))
    }
    await page.keyboard.press('ArrowRight')
    await viewer.getByText('2 of 3').waitFor()
    await page.keyboard.press('End')
    await viewer.getByText('three.png').waitFor()
    // A small one is not blown up
    await expect.poll(width).toBe(30)
    await viewer.getByRole('button', { name: 'Previous image' }).click()
    await viewer.getByText('two.png').waitFor()
    await page.keyboard.press('Escape')
    await viewer.waitFor({ state: 'detached' })
    await expect.poll(() => link(page, 'two.png').evaluate((element) => element.matches(':focus'))).toBe(true)
    expect(await box(page).count()).toBe(1)
    expect(await page.evaluate('heard')).toEqual(where === 'widget' ? [] : ['Enter'])
    await context.close()
  },
)

it('what may be dangerous, broken or gone is shown as a file with its name', async () => {
  const person = 'hostile'
  const user = await asking(person)
  const name = 'a\u202egnp.<b>exe'
  await user.send('', {
    'drawing.svg': bytes('<svg xmlns="http://www.w3.org/2000/svg"><script>parent.hit = 1</script></svg>'),
    [name]: bytes('<html><script>hit = 1</script></html>'),
    'gone.png': pixels(400, 300),
    'expired.png': pixels(200, 100),
  })
  const { context, page } = await newPage()
  // As a page that was open for days: the first URL of this file opens nothing any more
  let asked = 0
  const [, , gone, expired] = (await user.messages()).at(-1)?.attachments ?? []
  await page.route(`**/attachments/${gone?.id}?expires=*`, (route) => route.abort())
  await page.route(`**/attachments/${expired?.id}?expires=*`, (route) => (asked++ ? route.continue() : route.abort()))
  await openWidget(page, person)
  const again = page.locator('img[alt="expired.png"]')
  await expect
    .poll(() => again.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
    .toBe(200)
  expect(await page.locator('.db-file bdi').allTextContents()).toEqual([
    'drawing.svg',
    expect.stringContaining('<b>exe'),
  ])
  expect(await page.locator('.db-file b, .db-files svg script').count()).toBe(0)
  // A page that was open for days: a link asks for another URL before it opens
  const old = (element: Locator): Promise<void> =>
    element.evaluate((link) => {
      const { href } = link as unknown as { href: string }
      Object.assign(link, { href: href.replace(/expires=\d+/, 'expires=1') })
    })
  const svg = page.locator('.db-file a').first()
  await old(svg)
  const opens = page.waitForEvent('popup')
  await svg.click()
  expect((await opens).url()).not.toContain('expires=1&')
  expect(await svg.getAttribute('href')).not.toContain('expires=1&')
  await old(link(page, 'expired.png'))
  await link(page, 'expired.png').click()
  const inViewer = page.getByRole('dialog', { name: 'Images' }).getByRole('img')
  await expect
    .poll(() => inViewer.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
    .toBe(200)
  await page.keyboard.press('Escape')
  const broken = page.locator('.db-image.is-broken')
  await broken.waitFor()
  // It opens as a link does
  const opened = page.waitForEvent('popup')
  await broken.click()
  await opened
  expect(await page.getByRole('dialog', { name: 'Images' }).count()).toBe(0)
  expect(await page.evaluate('globalThis.hit')).toBeUndefined()
  await context.close()
})

it.each(['light', 'dark'] as const)('finds nothing to complain about in %s', async (colorScheme) => {
  const person = `axe-${colorScheme}`
  const user = await asking(person)
  await user.send('All', {
    'one.png': pixels(300, 200),
    'sound.wav': Buffer.from(
      `RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x08\0\0\0${'\x80'.repeat(8)}`,
      'latin1',
    ),
    'paper.pdf': bytes('%PDF-1.4\n%%EOF\n'),
  })
  for (const [where, open] of SIDES) {
    const { context, page } = await newPage({ colorScheme, bypassCSP: true })
    await open(page, person)
    await link(page, 'one.png').waitFor()
    expect(await page.locator('.db-file').count()).toBe(2)
    await chooser(page).setInputFiles([
      picture('ready.png'),
      { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    ])
    await page.locator('.db-upload.is-uploaded').waitFor()
    expect(await violations(page), where).toEqual([])
    await link(page, 'one.png').click()
    await page.getByRole('dialog', { name: 'Images' }).getByText('1 of 1').waitFor()
    expect(await violations(page), `${where}, viewer`).toEqual([])
    await context.close()
  }
})

it('on a narrow phone all of it fits, and its camera is one button away', async () => {
  const person = 'phone'
  const user = await asking(person)
  await user.send('A'.repeat(300), {
    [`${'long '.repeat(30)}.pdf`]: bytes('%PDF-1.4\n%%EOF\n'),
    'wide.png': pixels(2000, 300),
  })
  const { context, page } = await newPage({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true })
  await openWidget(page, person)
  await link(page, 'wide.png').waitFor()
  const chosen = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Take a photo' }).tap()
  const camera = await chosen
  expect(await camera.element().getAttribute('capture')).toBe('environment')
  await camera.setFiles(picture('photo.png'))
  await page.locator('.db-upload.is-uploaded').waitFor()
  const log = page.getByRole('log')
  const room = await log.evaluate((element) => {
    const { scrollWidth, clientWidth } = element as unknown as { scrollWidth: number; clientWidth: number }
    return scrollWidth - clientWidth
  })
  expect(room).toBe(0)
  // No keyboard over the files
  expect(await box(page).evaluate((element) => element.matches(':focus'))).toBe(false)

  // Two fingers enlarge an image, around the place between them, and make it smaller again
  await link(page, 'wide.png').tap()
  const image = page.getByRole('dialog', { name: 'Images' }).getByRole('img')
  const whole = await image.boundingBox()
  const cdp = await context.newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]) =>
    cdp.send('Input.dispatchTouchEvent', { type, touchPoints: xs.map((x, id) => ({ x, y: 340, id })) })
  await touch('touchStart', 140, 180)
  await touch('touchMove', 130, 190)
  await touch('touchMove', 110, 210)
  await touch('touchEnd')
  const enlarged = await image.boundingBox()
  expect((enlarged?.width ?? 0) / (whole?.width ?? 1)).toBeCloseTo(2.5, 1)
  // What is between the fingers stays there
  const under = (rect: typeof whole): number => (160 - (rect?.x ?? 0)) / (rect?.width ?? 1)
  expect(under(enlarged)).toBeCloseTo(under(whole), 2)
  await touch('touchStart', 100, 220)
  await touch('touchMove', 150, 170)
  await touch('touchEnd')
  expect((await image.boundingBox())?.width).toBe(whole?.width)
  await context.close()
})

it.each(SIDES)(
  'where a server takes no files, one that is dropped or pasted is refused in words, and never takes the page away (%s)',
  async (where, open) => {
    const without = await startServer({ ATTACHMENT_LIMIT: 'off' })
    const person = `none-${where}`
    await (await asking(person, without)).send('Hello')
    const { context, page } = await newPage()
    await page.clock.install()
    await open(page, person, without)
    const log = page.getByRole('log')
    const refusal = page.getByText('Files cannot be sent here.')
    await log.getByText('Hello').waitFor()

    await expect.poll(() => give(log, 'drop', { file: 'a.png' })).toBe(false)
    await refusal.waitFor()
    await page.clock.fastForward(10_000)
    await refusal.waitFor({ state: 'detached' })

    await give(box(page), 'paste', { file: 'a.png' })
    await refusal.waitFor()
    await box(page).pressSequentially('a')
    await refusal.waitFor({ state: 'detached' })

    // Office programs put a picture beside the text
    await give(box(page), 'paste', { file: 'a.png', text: 'Cell' })
    expect(await give(box(page), 'drop', { text: 'words' })).toBe(true)
    // A browser goes to a link that is dropped
    expect(await give(log, 'drop', { text: 'https://a.example' })).toBe(false)
    expect(await refusal.count()).toBe(0)
    if (where === 'dashboard') expect(await give(page.locator('main'), 'drop', { file: 'a.png' })).toBe(false)
    expect(await page.getByRole('button', { name: 'Attach files' }).count()).toBe(0)
    await context.close()
    await without.stop()
  },
)

it.each(
  SIDES.flatMap(([side, open]) =>
    (['light', 'dark'] as const).map((colorScheme) => [side, colorScheme, open] as const),
  ),
)('shows where the focus is on a picture of any colour, in the %s, %s', async (side, colorScheme, open) => {
  const ada = await asking(`ring-${side}-${colorScheme}`)
  await ada.send('', { 'black.png': pixels(60, 40) })
  const { context, page } = await newPage({ colorScheme, bypassCSP: true, reducedMotion: 'reduce' })
  await open(page, `ring-${side}-${colorScheme}`)
  const picture = page.getByRole('log').getByRole('link').first()
  await picture.locator('img').evaluate((img) => (img as unknown as { decode: () => Promise<void> }).decode())
  await page.keyboard.press('Shift')
  await picture.focus()
  const png = (await picture.screenshot({ animations: 'disabled' })).toString('base64')
  // Two pixels of the ring, from its outer edge, half-way down
  const ring = await page.evaluate<string[]>(`(async () => {
    const image = new Image()
    image.src = 'data:image/png;base64,${png}'
    await image.decode()
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
    context.drawImage(image, 0, 0)
    return [1, 3].map((x) => {
      const [r, g, b] = context.getImageData(x, image.height >> 1, 1, 1).data
      return '#' + [r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')
    })
  })()`)
  // Of two such colours, one has a contrast of √3 or more with any other, and each is two pixels wide
  expect(contrast(ring[0] ?? '', ring[1] ?? '')).toBeGreaterThan(4.5)
  await context.close()
})
