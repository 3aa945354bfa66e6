// What docs/email.md shows, as it stands there.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import type { MailTemplate } from '../../src/entries/core.ts'
import { startDesk, until } from '../support/desk.ts'
import { namedCodeOf } from '../support/documented-code.ts'

it('The template of docs/email.md writes the subject, and the rest is the standard mail', async () => {
  const code = namedCodeOf('docs/email.md').get('template.js') ?? expect.fail('the page has no template')
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-docs-'))
  const file = join(dir, 'template.mjs')
  const entry = pathToFileURL(join(import.meta.dirname, '../../src/entries/core.ts')).href
  writeFileSync(file, code.replace("'deskbell'", JSON.stringify(entry)))
  const { template } = (await import(pathToFileURL(file).href)) as { template: MailTemplate }
  const desk = await startDesk({ notifyAfter: 1, appName: 'Acme', mail: { template } })
  try {
    const { chatId } = await desk.person('ada')
    await desk.call('POST', `/admin/chats/${chatId}/messages`, await desk.admin(), { content: 'We found it.' })
    await until(() => desk.mails.length > 0)
    expect(desk.mails[0]).toMatchObject({ subject: 'Sam answered you' })
    expect(desk.mails[0]?.text).toContain('> We found it.')
    expect(desk.errors).toEqual([])
  } finally {
    await desk.stop()
    rmSync(dir, { recursive: true })
  }
})

it('The script of docs/email.md delivers an answer, and lets the mail server try again where it cannot', async () => {
  const script = namedCodeOf('docs/email.md').get('deskbell-mail.sh') ?? expect.fail('the page has no script')
  const secret = 'only the mail server knows'
  const desk = await startDesk({ notifyAfter: 1, mailReplies: { domain: 'reply.acme.example', secret } })
  const run = (password: string): Promise<number | null> =>
    new Promise((resolve) => {
      const env = { PATH: process.env['PATH'], DESKBELL_URL: desk.url, MAIL_INBOUND_SECRET: password }
      const child = spawn('sh', ['-c', script], { env, stdio: ['pipe', 'ignore', 'inherit'] }).on('exit', resolve)
      const headers = [
        `Delivered-To: ${desk.mails[0]?.replyTo}`,
        'From: ada@example.com',
        'Message-ID: <1@example.com>',
      ]
      child.stdin.end([...headers, '', 'It is order 4711.', ''].join('\n'))
    })
  try {
    const { chatId, token } = await desk.person('ada')
    await desk.call('POST', `/admin/chats/${chatId}/messages`, await desk.admin(), { content: 'Which order?' })
    await until(() => desk.mails.length > 0)
    expect([await run('another'), await run(secret), await run(secret)]).toEqual([75, 0, 0])
    const { body } = await desk.call('GET', '/support_chat/messages', token)
    expect(body['messages']).toMatchObject([{ content: 'Which order?' }, { content: 'It is order 4711.' }])
  } finally {
    await desk.stop()
  }
})

it('The plugin of docs/email.md for Haraka delivers an answer, and lets the sender try again where it cannot', async () => {
  const code = namedCodeOf('docs/email.md').get('plugins/deskbell.js') ?? expect.fail('the page has no plugin')
  const secret = 'only the mail server knows'
  const desk = await startDesk({ notifyAfter: 1, mailReplies: { domain: 'reply.acme.example', secret } })
  const env = { DESKBELL_URL: desk.url, MAIL_INBOUND_SECRET: secret }
  const plugin: { hook_queue?: (next: (...said: unknown[]) => void, connection: object) => void } = {}
  const known = { exports: plugin, process: { env }, fetch, Buffer, OK: 'OK', DENYSOFT: 'DENYSOFT' }
  runInNewContext(code, known)
  /** As Haraka calls it with a mail to `to`, of which the headers do not name the address */
  const queue = (to: string): Promise<unknown[]> =>
    new Promise((resolve) => {
      const mail = Buffer.from('From: ada@example.com\r\nMessage-ID: <1@example.com>\r\n\r\n4711')
      const message_stream = { get_data: (take: (mail: Buffer) => void) => take(mail) }
      const transaction = { rcpt_to: [{ address: 'x@reply.acme.example' }, { address: to }], message_stream }
      plugin.hook_queue?.((...said) => resolve(said), { transaction })
    })
  const { token, chatId } = await desk.person('ada')
  await desk.call('POST', `/admin/chats/${chatId}/messages`, await desk.admin(), { content: 'Which order?' })
  await until(() => desk.mails.length > 0)
  const reply = desk.mails[0]?.replyTo ?? ''
  expect(await queue(reply)).toEqual(['OK'])
  env.MAIL_INBOUND_SECRET = 'another secret of somebody'
  expect(await queue(reply)).toEqual(['DENYSOFT', expect.stringContaining('401')])
  const { body } = await desk.call<{ messages: { content: string }[] }>('GET', '/support_chat/messages', token)
  await desk.stop()
  expect(body.messages.map(({ content }) => content)).toEqual(['Which order?', '4711'])
  env.DESKBELL_URL = 'http://127.0.0.1:1'
  expect(await queue(reply)).toEqual(['DENYSOFT', expect.stringContaining('fetch failed')])
})
