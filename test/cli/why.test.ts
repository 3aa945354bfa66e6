// `deskbell why`, beside a server at work and its database, as a person would ask.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { pause, until } from '../support/desk.ts'
import { MailDesk } from '../support/mail-desk.ts'
import { SMTP } from '../support/mail-providers.ts'
import { CLI, COMPILED, NODE } from '../support/node.ts'
import { SECRET } from '../support/server-process.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const TIME = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`

let desk: MailDesk
let chat: string
beforeEach(async () => {
  desk = await MailDesk.start()
  chat = await desk.chat('ada')
})
afterEach(() => desk.stop())

const why = (...args: string[]) => deskbell('why', ...args)
async function deskbell(...args: string[]): Promise<{ out: string; err: string; code: unknown }> {
  const child = spawn(NODE, ['--import', join(ROOT, 'src/testing/fast-time.ts'), CLI, ...args], {
    env: { PATH: process.env['PATH'], NO_COLOR: '1', ...COMPILED, DESKBELL_SECRET: SECRET, ...desk.settings },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const [code] = (await once(child, 'close')) as unknown[]
  return { out: out.trim(), err: err.trim(), code }
}
const told = async (id: string): Promise<string> => {
  const { out, err, code } = await why(id)
  expect([err, code]).toEqual(['', 0])
  return out
}
/** Asks the database, which costs less than a process, until the notification is so */
async function untilIt(id: string, is: (record: { state: string; refusals: number }) => boolean): Promise<void> {
  for (;;) {
    const record = (await desk.store.explainNotification(id))?.notification
    if (record && is(record)) return
    await pause(10)
  }
}

it('deskbell why follows a burst from pending to sent, and tells the truth about each of its replies', async () => {
  await desk.stop()
  // All three are in time for one mail, however long they take here
  desk = await MailDesk.start(1, SMTP, { NOTIFY_AFTER: '10m' })
  chat = await desk.chat('ada')
  desk.provider.mode = 'stall-rcpt'
  const burst = [await desk.reply(chat, 'one'), await desk.reply(chat, 'two'), await desk.reply(chat, 'three')]
  // Its first try may be over before the command has started
  const refused = `refused .+, last reason: .+; next try at ${TIME}`
  expect(await told(burst[1] ?? '')).toMatch(
    new RegExp(`^(pending: due at ${TIME}, still unread|pending: ${refused}|being sent: taken up)`),
  )
  await until(() => desk.provider.stalled > 0)
  desk.provider.mode = 'accept'
  desk.provider.release()
  await untilIt(burst[0] ?? '', ({ state }) => state === 'sent')
  const sent = new RegExp(`^sent at ${TIME} to ada@example.com, together with 2 other replies$`)
  for (const id of burst) expect(await told(id)).toMatch(sent)
})

it('deskbell why names the last reason of a refusal, and the next try', async () => {
  desk.provider.mode = 'refuse'
  const id = await desk.reply(chat)
  await untilIt(id, ({ refusals }) => refusals >= 2)
  // Tried again every few moments here, so it may be on its way just now
  const expected = new RegExp(
    `^pending: refused \\d+ times, last reason: .*451 <ada@example\\.com> Try later; next try at ${TIME}$`,
  )
  let line = ''
  for (let i = 0; i < 20 && !expected.test(line); i++) line = await told(id)
  expect(line).toMatch(expected)
})

it('deskbell why says that it is uncertain, and that it will stay so', async () => {
  desk.provider.mode = 'cut'
  const id = await desk.reply(chat)
  await untilIt(id, ({ state }) => state === 'uncertain')
  expect(await told(id)).toMatch(
    /^uncertain: the content was handed over to ada@example.com, and no answer of the provider is known \(.+\); not sent again/,
  )
})

it('deskbell why says who or what made it needless', async () => {
  // None goes out before, however long that takes
  desk.provider.mode = 'stall-rcpt'
  const read = await desk.reply(chat)
  await desk.read('ada')
  const mine = await desk.write('ada')
  const archived = await desk.reply(chat)
  await desk.archive(chat)
  desk.provider.mode = 'accept'
  desk.provider.release()
  await untilIt(archived, ({ state }) => state === 'skipped')
  expect(await told(read)).toMatch(new RegExp(`^not sent: the person read it at ${TIME}$`))
  expect(await told(mine)).toBe('no e-mail to staff was planned about it')
  expect(await told(archived)).toMatch(/^not sent: the chat was archived when the e-mail was due/)
})

it('deskbell why takes one id that there is', async () => {
  expect(await why('nothing')).toEqual({ out: '', err: 'deskbell: There is no message nothing', code: 1 })
  const copied = ` ${(await desk.write('ada')).toUpperCase()} `
  expect(await why(copied)).toMatchObject({ err: '', code: 0 })
  for (const args of [[], ['a', 'b']]) {
    expect(await why(...args)).toEqual({ out: '', err: 'deskbell: why needs the id of one message', code: 1 })
  }
})

it('deskbell unsubscribe and resubscribe do for a user what the link in the mail does, and why says so', async () => {
  expect(await deskbell('unsubscribe', 'ada')).toEqual({
    out: 'User ada gets no more e-mails about replies',
    err: '',
    code: 0,
  })
  const missed = await desk.reply(chat)
  await untilIt(missed, ({ state }) => state === 'skipped')
  expect(await told(missed)).toMatch(new RegExp(`^not sent: the person unsubscribed at ${TIME}$`))
  expect((await deskbell('resubscribe', 'ada')).out).toBe('User ada gets e-mails again about replies')
  expect(await told(missed)).toMatch(/^not sent: the person did not want e-mails when the e-mail was due/)
  const sent = await desk.reply(chat)
  await untilIt(sent, ({ state }) => state === 'sent')
  expect(await deskbell('unsubscribe', 'nobody')).toEqual({
    out: '',
    err: 'deskbell: Nothing is stored about a user "nobody"',
    code: 1,
  })
  expect((await deskbell('unsubscribe', ' ada')).err).toBe('deskbell: Nothing is stored about a user " ada"')
  for (const command of ['unsubscribe', 'why'])
    expect(await deskbell(command, '--help')).toMatchObject({
      out: expect.stringMatching(/^Usage: deskbell/),
      err: '',
      code: 0,
    })
  expect((await deskbell('resubscribe')).err).toBe('deskbell: resubscribe needs the id of one user')
})
