// A Rails app as docs/rails.md shows it, beside a stand-alone Deskbell: `rails new`, and the files of examples/rails over it.
import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { closeContext } from '../support/close-context.ts'
import { adminToken } from '../support/server-process.ts'
import { conversesBeside, describeBeside, signIn } from './beside-app.ts'
import { openContext, openPage } from './browser.ts'
import { expectShown } from './documented-files.ts'
import { PATIENCE } from './framework-app.ts'
import { FOLDER, isInstalled } from './frameworks.ts'
import { canRun } from './languages.ts'

const ROOT = join(import.meta.dirname, '../..')
const EXAMPLE = join(ROOT, 'examples/rails')
/** What Debian's packages lack, and no page of this app uses */
const WITHOUT = ['bundle', 'git', 'test', 'spring', 'listen', 'bootsnap', 'javascript', 'sprockets', 'jbuilder'].concat(
  ['active-record', 'active-storage', 'action-mailer', 'action-mailbox', 'action-text', 'action-cable'],
)

function makeApp(root: string): string {
  const folder = join(root, 'chat')
  execFileSync('rails', ['new', folder, ...WITHOUT.map((part) => `--skip-${part}`)], { stdio: 'pipe' })
  cpSync(EXAMPLE, folder, { recursive: true })
  writeFileSync(join(folder, 'Gemfile'), ['rails', 'puma', 'jwt'].map((gem) => `gem "${gem}"\n`).join(''))
  execFileSync('bundle', ['install', '--local', '--quiet'], { cwd: folder, stdio: 'pipe' })

  const layout = join(folder, 'app/views/layouts/application.html.erb')
  const page = readFileSync(layout, 'utf8').replace('</body>', '<%= render "support/widget" %></body>')
  // Rails has Turbo since 7
  writeFileSync(layout, page.replace('</head>', '<script src="/turbo.es2017-umd.js"></script></head>'))
  for (const file of [
    join(ROOT, 'node_modules/@rails/actioncable/app/assets/javascripts/actioncable.esm.js'),
    join(FOLDER, 'node_modules/@hotwired/turbo/dist/turbo.es2017-umd.js'),
  ])
    cpSync(file, join(folder, 'public', basename(file)))
  return folder
}

const making = {
  runs: canRun('rails') && Boolean(isInstalled),
  make: makeApp,
  command: (port: number) => ['ruby', 'bin/rails', 'server', '-p', String(port)],
}

describeBeside('a Rails app beside a Deskbell', making, (here) => {
  it('has the files that the documentation shows', () => expectShown('docs/rails.md', EXAMPLE))

  it('has a customer and staff chat with each other, signed in as themselves', { timeout: PATIENCE }, async () => {
    await conversesBeside(here.browser, here.app)
  })

  it('gives another token for one that is refused, keeps the open chat from page to page with Turbo, and leaves nothing at a sign-out', async () => {
    const { app, browser } = here
    const visit = await openContext(browser)
    await signIn(app, visit, 'ada')
    const page = await openPage(visit)
    const chat = page.locator('deskbell-chat')
    const asked = page.waitForRequest('**/support/token')
    await page.route('**/widget.js', async (route) => {
      await chat.evaluate((element) => element.setAttribute('token', `${element.getAttribute('token')}-no-more`))
      await route.continue()
    })
    await page.goto(app.url)
    await page.getByRole('button', { name: /^Open support chat/ }).click()
    await asked
    const box = page.getByRole('textbox', { name: 'Message' })
    await box.fill('A draft')
    // It would not outlive a page that is loaded anew
    await page.evaluate('globalThis.stayed = true')
    await page.getByRole('link', { name: 'This page again' }).click()
    await page.waitForURL('**/?again')
    expect(await box.inputValue()).toBe('A draft')
    expect(await page.evaluate('globalThis.stayed')).toBe(true)

    await box.press('Enter')
    await page.getByRole('log').getByText('A draft').waitFor()
    await box.fill('Not for others')
    const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('deskbell:draft')))
    await expect.poll(kept).toHaveLength(1)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in as Ada' }).waitFor()
    expect(await kept()).toEqual([])
    expect(await chat.count()).toBe(0)
    await closeContext(visit)
  })

  it('has a page that reads, writes and hears replies by @rails/actioncable as it comes', async () => {
    const { app, browser } = here
    const visit = await openContext(browser)
    await signIn(app, visit, 'ada')
    const page = await openPage(visit)
    await page.goto(`${app.url}/support`)
    const heard = (text: string) => page.locator('#messages > li').filter({ hasText: text }).waitFor()
    await page.getByRole('textbox', { name: 'Write to us' }).fill('By the cable')
    await page.getByRole('button', { name: 'Send it' }).click()
    await heard('Ada, a customer: By the cable')
    const headers = { authorization: `Bearer ${await adminToken()}`, 'content-type': 'application/json' }
    const chats = (await (await fetch(`${app.deskbell}/admin/chats`, { headers })).json()) as { id: string }[]
    const body = JSON.stringify({ content: 'From staff' })
    await fetch(`${app.deskbell}/admin/chats/${chats[0]?.id}/messages`, { method: 'POST', headers, body })
    await heard('Sam: From staff')
    await closeContext(visit)
  })
})
