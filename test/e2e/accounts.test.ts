// The whole way of staff in a browser: the first account, a second factor, signed out and in again at the same place.
import { Secret, TOTP } from 'otpauth'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'
import { startPostmark } from '../support/mail-services/postmark.ts'
import { startSmtp } from '../support/smtp.ts'

const PASSWORD = 'correct horse battery'
let browser: Browser
let server: TestServer
let contexts: BrowserContext[] = []
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
})

async function newPage(): Promise<Page> {
  const context = await browser.newContext()
  contexts.push(context)
  context.setDefaultTimeout(120_000)
  return context.newPage()
}
const fill = async (page: Page, values: Record<string, string>, button: string): Promise<void> => {
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value)
  await page.getByRole('button', { name: button, exact: true }).click()
}
async function makeOwner(page: Page): Promise<void> {
  await page.goto(server.firstOwnerUrl)
  expect(await violations(page)).toEqual([])
  await fill(page, { 'E-mail': 'olga@desk.example', 'Your name': 'Olga', Password: PASSWORD }, 'Create the account')
  await page.getByText('Choose a chat').waitFor()
}
const openAccount = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Menu, signed in as Olga' }).click()
  await page.getByRole('link', { name: 'Your account' }).click()
  await page.getByText('Two-step sign-in').waitFor()
}

it('the first account is made by the printed link, gets a second factor, and signs in with a code of the app', async () => {
  const page = await newPage()
  await makeOwner(page)
  await openAccount(page)
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Set it up' }).click()
  await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor()
  expect(await violations(page)).toEqual([])
  const secret = (await page.locator('.secret code').innerText()).replaceAll(' ', '')
  const code = (steps: number): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 })
  const twoFactor = page.getByRole('region', { name: 'Two-step sign-in' })
  await twoFactor.getByLabel('Code', { exact: true }).fill('000000')
  await twoFactor.getByLabel('Current password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Turn it on' }).click()
  await page.getByText('This code is wrong').waitFor()
  await twoFactor.getByLabel('Code', { exact: true }).fill(code(0))
  await page.getByRole('button', { name: 'Turn it on' }).click()
  await page.getByText('They are not shown again.').waitFor()
  const recovery = await page.locator('.recovery-codes li').allInnerTexts()
  expect(recovery).toHaveLength(10)
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByText('10 recovery codes are left.').waitFor()

  await page.getByRole('button', { name: 'Menu, signed in as Olga' }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByText('You are signed out.').waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await fill(page, { 'E-mail': 'olga@desk.example', Password: PASSWORD }, 'Sign in')
  await page.getByText('Enter your code').waitFor()
  expect(await violations(page)).toEqual([])
  await fill(page, { Code: code(1) }, 'Continue')
  // Back at the page that was open
  await page.getByText('10 recovery codes are left.').waitFor()

  await page.getByRole('button', { name: 'Turn it off' }).click()
  expect(await violations(page)).toEqual([])
  await twoFactor.getByLabel('Current password').fill(PASSWORD)
  await twoFactor.getByLabel('Code', { exact: true }).fill('000000')
  await twoFactor.getByRole('button', { name: 'Turn it off' }).click()
  await page.getByText('This code is wrong').waitFor()
  await twoFactor.getByLabel('Code', { exact: true }).fill(recovery[0] ?? '')
  await twoFactor.getByRole('button', { name: 'Turn it off' }).click()
  await twoFactor.getByRole('button', { name: 'Set it up' }).waitFor()
})

it('whoever is signed out elsewhere comes back to the same chat, with the words that were not sent', async () => {
  const headers = { authorization: `Bearer ${await server.userToken('ada')}`, 'content-type': 'application/json' }
  await fetch(`${server.url}/support_chat`, { headers })
  const body = JSON.stringify({ content: 'Hello' })
  await fetch(`${server.url}/support_chat/messages`, { method: 'POST', headers, body })
  const [page, other] = [await newPage(), await newPage()]
  await makeOwner(page)
  await page.getByRole('link', { name: /ada@example\.com/ }).click()
  await page.getByRole('textbox', { name: 'Message' }).fill('A long answer, half written')
  const address = page.url()

  await other.goto(`${server.url}/dashboard`)
  expect(await violations(other)).toEqual([])
  await fill(other, { 'E-mail': 'olga@desk.example', Password: PASSWORD }, 'Sign in')
  await openAccount(other)
  await other.getByRole('button', { name: 'Sign out everywhere' }).click()
  await other.getByText('You are signed out.').waitFor()

  await page.getByText('You are signed out.').waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await fill(page, { 'E-mail': 'olga@desk.example', Password: 'wrong password' }, 'Sign in')
  await page.getByText('The address or the password is wrong.').waitFor()
  expect(await page.getByLabel('E-mail').inputValue()).toBe('olga@desk.example')
  expect(await violations(page)).toEqual([])
  await fill(page, { Password: PASSWORD }, 'Sign in')
  await page.getByRole('log').getByText('Hello').waitFor()
  expect(page.url()).toBe(address)
  await expect
    .poll(() => page.getByRole('textbox', { name: 'Message' }).inputValue())
    .toBe('A long answer, half written')
})

it('a changed password signs the other browsers out, and this one stays', async () => {
  const [page, other] = [await newPage(), await newPage()]
  await makeOwner(page)
  await other.goto(`${server.url}/dashboard`)
  await fill(other, { 'E-mail': 'olga@desk.example', Password: PASSWORD }, 'Sign in')
  await other.getByText('Choose a chat').waitFor()
  await openAccount(page)
  const part = page.getByRole('region', { name: 'Password' })
  await part.getByLabel('Current password').fill(PASSWORD)
  await part.getByLabel('New password').fill('short')
  await part.getByRole('button').click()
  await part.getByText('Choose a password of 12 characters or more.').waitFor()
  await part.getByLabel('New password').fill('another good password')
  await part.getByRole('button').click()
  await part.getByText('Your password is changed').waitFor()
  await other.getByText('You are signed out.').waitFor()
  await page.reload()
  await part.getByLabel('New password').waitFor()
})

it('an address from which an invitation came back gets no more e-mails, until an owner lets them go again', async () => {
  const service = await startPostmark()
  await server.stop()
  const proof = 'hook:a long password of the hook'
  server = await startServer({ MAIL_URL: service.url, MAIL_EVENTS: proof })
  const page = await newPage()
  await makeOwner(page)
  await page.getByRole('button', { name: 'Menu, signed in as Olga' }).click()
  await page.getByRole('link', { name: 'Team' }).click()
  const invite = page.getByRole('region', { name: 'Invite somebody' })
  const invited = async (): Promise<void> => {
    await invite.getByLabel('E-mail').fill('Amir@desk.example')
    await invite.getByRole('button', { name: 'Invite' }).click()
  }
  await invited()
  await page.getByText('An e-mail with the link is on its way to Amir@desk.example.').waitFor()
  const event = {
    RecordType: 'Bounce',
    Type: 'HardBounce',
    Email: 'amir@desk.example',
    BouncedAt: new Date().toISOString(),
    Details: '550 No such user',
    Metadata: { deskbell: service.mails[0]?.reference },
  }
  const told = (Metadata: object) =>
    fetch(`${server.url}/mail/events/postmark`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(proof)}` },
      body: JSON.stringify({ ...event, Metadata }),
    })
  expect((await told({ deskbell: '0195aaaa-0000-7000-8000-000000000000' })).status).toBe(204)
  await invited()
  await expect.poll(() => service.mails.length).toBe(2)
  expect((await told(event.Metadata)).status).toBe(204)

  await page.reload()
  const stopped = page.locator('.mail-block')
  await stopped.getByText('Gets no e-mails: one came back.').waitFor()
  expect(await stopped.innerText()).toContain('550 No such user')
  expect(await violations(page)).toEqual([])
  await invited()
  await page.getByText('or an earlier one came back. Give this link to Amir@desk.example').waitFor()
  expect(service.mails).toHaveLength(2)
  await page.getByRole('button', { name: 'Send e-mails again to Amir@desk.example' }).press('Enter')
  await page.getByText('Olga let e-mails go to Amir@desk.example again').waitFor()
  await stopped.waitFor({ state: 'detached' })
  await invited()
  await expect.poll(() => service.mails.length).toBe(3)
  await service.stop()
})

it('an owner invites an agent by e-mail, who joins, is made an owner, and is removed', async () => {
  const smtp = await startSmtp()
  await server.stop()
  server = await startServer({ MAIL_URL: smtp.url, APP_NAME: 'Fern & Well' })
  const [page, theirs] = [await newPage(), await newPage()]
  await makeOwner(page)
  await page.getByRole('button', { name: 'Menu, signed in as Olga' }).click()
  await page.getByRole('link', { name: 'Team' }).click()
  const invite = page.getByRole('region', { name: 'Invite somebody' })
  await invite.getByLabel('E-mail').fill('amir@desk.example')
  await invite.getByRole('button', { name: 'Invite' }).click()
  await page.getByText('An e-mail with the link is on its way to amir@desk.example.').waitFor()
  await page.getByText('Valid until').waitFor()
  expect(await violations(page)).toEqual([])

  const [mail] = smtp.mails
  expect(mail?.envelopeTo).toEqual(['amir@desk.example'])
  expect(mail?.parsed.subject).toBe('Join the support team of Fern & Well')
  const link = /http\S+/.exec(mail?.parsed.text ?? '')?.[0] ?? ''
  expect(mail?.parsed.html).toContain(link.replaceAll('&', '&amp;'))
  await theirs.goto(link)
  await theirs.getByText('Join the support team of Fern & Well').first().waitFor()
  expect(await theirs.getByLabel('E-mail').inputValue()).toBe('amir@desk.example')
  await fill(theirs, { 'Your name': 'Amir', Password: PASSWORD }, 'Create the account')
  await theirs.getByText('Choose a chat').waitFor()
  await theirs.getByRole('button', { name: 'Menu, signed in as Amir' }).click()
  await theirs.getByRole('link', { name: 'Your account' }).waitFor()
  expect(await theirs.getByRole('link', { name: 'Team' }).count()).toBe(0)

  await page.reload()
  await page.getByLabel('Role of Amir').selectOption('owner')
  await page.getByText('Olga made Amir an owner').waitFor()
  await page.getByLabel('Role of Olga').waitFor()
  page.on('dialog', (dialog) => void dialog.accept())
  await page.getByRole('button', { name: 'More for Amir' }).click()
  await page.getByRole('button', { name: 'New password link' }).click()
  await page.getByText('is on its way to amir@desk.example').waitFor()
  await expect.poll(() => smtp.mails.length).toBe(2)
  expect(smtp.mails[1]?.parsed.subject).toBe('Set a new password for Fern & Well Support')
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByText('Olga removed Amir').waitFor()
  await theirs.getByText('You are signed out.').waitFor()
  await page.getByLabel('Role of Olga').selectOption('agent')
  await page.getByText('The last owner stays').waitFor()
  expect(await page.getByLabel('Role of Olga').inputValue()).toBe('owner')
  expect(await violations(page)).toEqual([])

  await theirs.goto(`${server.url}/dashboard/forgot`)
  await fill(theirs, { 'E-mail': 'olga@desk.example' }, 'Send the link')
  await theirs.getByText('If there is an account').waitFor()
  await expect.poll(() => smtp.mails.length).toBe(3)
  await theirs.goto(/http\S+/.exec(smtp.mails[2]?.parsed.text ?? '')?.[0] ?? '')
  await fill(theirs, { 'New password': 'another good password' }, 'Set the password')
  await theirs.getByText('Your password is set.').waitFor()
  await page.getByText('You are signed out.').waitFor()
  await fill(theirs, { 'E-mail': 'olga@desk.example', Password: 'another good password' }, 'Sign in')
  await theirs.getByText('Choose a chat').waitFor()
  await smtp.stop()
})
