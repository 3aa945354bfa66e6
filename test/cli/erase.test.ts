// `deskbell export` and `deskbell erase` beside a server that runs: another process, the same database.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { deskbell } from '../support/cli.ts'
import { SECRET, startDesk, type Desk } from '../support/desk.ts'
import { ADMIN, TestSocket, V1 } from '../support/socket.ts'

let desk: Desk
beforeEach(async () => {
  desk = await startDesk()
})
afterEach(() => desk.stop())

const run = (...args: string[]) =>
  deskbell(args, { DESKBELL_SECRET: SECRET, DATA_DIR: join(desk.file, '..'), DATABASE_URL: `sqlite:${desk.file}` })

it('a person is exported, and erased when that is confirmed, while the server runs', async () => {
  const { token, chatId: chat } = await desk.person('ada')
  await desk.call('POST', '/support_chat/messages', token, { content: 'Hello' })
  const staff = await TestSocket.open(`${desk.wsUrl}/cable?jid=${await desk.admin()}`, [V1])
  await staff.subscribe(ADMIN)

  const copy = await run('export', 'ada')
  expect([copy.code, copy.err]).toEqual([0, ''])
  expect(JSON.parse(copy.out)).toMatchObject({
    user: { id: 'ada' },
    chat: { id: chat },
    messages: [{ content: 'Hello' }],
  })

  const asked = await run('erase', 'ada')
  expect(asked).toMatchObject({ code: 1, out: '' })
  expect(asked.err).toContain(
    'This erases user ada (User ada, ada@example.com) and 1 message for good: say so with --yes',
  )
  expect(await desk.store.findPerson('ada')).toBeDefined()

  const erased = await run('erase', 'ada', '--yes')
  expect(erased).toMatchObject({
    code: 0,
    out: 'User ada is erased, with 1 message. Backups still have them',
    err: '',
  })
  expect(await desk.store.findPerson('ada')).toBeUndefined()
  expect(await staff.event('chat_erased')).toEqual({ type: 'chat_erased', chat_id: chat })
  expect((await desk.call('GET', '/support_chat', token)).body['code']).toBe('token_revoked')
  staff.close()
})

it('the files of a person are exported beside it, with those of staff, and one that is gone is named', async () => {
  const { token, chatId } = await desk.person('ada')
  const staff = await desk.admin()
  const send = async (who: string, path: string, name: string, content: string): Promise<string> => {
    const headers = { 'content-type': 'application/octet-stream', 'x-file-name': encodeURIComponent(name) }
    const { body } = await desk.call<{ id: string }>('POST', `${path}/attachments`, who, content, headers)
    await desk.call('POST', `${path}/messages`, who, { content: '', attachment_ids: [body.id] })
    return body.id
  }
  const long = await send(token, '/support_chat', `${'ü'.repeat(190)}.pdf`, 'from Ada')
  const reply = await send(staff, `/admin/chats/${chatId}`, 'no ending', 'from staff')
  const folder = join(desk.file, '..', 'exported')
  const copy = await run('export', 'ada', '--files', folder)
  expect([copy.code, copy.err]).toEqual([0, ''])
  expect(JSON.parse(copy.out)).toMatchObject({
    messages: [{ attachments: [{ id: long }] }, { attachments: [{ id: reply, name: 'no ending' }] }],
  })
  expect(readdirSync(folder).toSorted()).toEqual([`${long}.pdf`, reply].toSorted())
  expect(readFileSync(join(folder, `${long}.pdf`), 'utf8')).toBe('from Ada')

  rmSync(join(desk.file, '..', 'files', reply.slice(0, 2), reply))
  const again = await run('export', 'ada', '--files', folder)
  expect(again.code).toBe(1)
  expect(again.err).toContain(`These files are not where files are kept: ${reply} (no ending)`)
})

it('both want to know whom, and say so when there is nobody', async () => {
  for (const command of ['export', 'erase']) {
    expect((await run(command)).err).toContain(`${command} needs the id of one user`)
    expect(await run(command, 'nobody')).toMatchObject({ code: 1, out: '' })
    expect((await run(command, 'nobody')).err).toContain('Nothing is stored about a user "nobody"')
  }
})
