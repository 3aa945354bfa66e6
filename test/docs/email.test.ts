// The template of docs/email.md, as it stands there.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
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
