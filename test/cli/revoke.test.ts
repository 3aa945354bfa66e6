// `deskbell revoke` beside a server that runs: another process, the same database.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SECRET, startDesk, until, type Desk } from '../support/desk.ts'
import { CLI, COMPILED, NODE } from '../support/node.ts'
import { TestSocket, V1 } from '../support/socket.ts'

let desk: Desk
beforeEach(async () => {
  desk = await startDesk()
})
afterEach(() => desk.stop())

const revoke = (...args: string[]) =>
  promisify(execFile)(NODE, [CLI, 'revoke', ...args], {
    env: {
      PATH: process.env['PATH'],
      DESKBELL_SECRET: SECRET,
      DATA_DIR: join(desk.file, '..'),
      DATABASE_URL: `sqlite:${desk.file}`,
      NO_COLOR: '1',
      ...COMPILED,
    },
  })

it('deskbell revoke closes the sockets of the person it names, and no other', async () => {
  const [user, admin] = [await desk.user('ada'), await desk.admin('ada')]
  const open = (token: string) => TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [V1])
  const [asUser, asAdmin] = [await open(user), await open(admin)]
  expect((await revoke('--sub', 'ada', '--admin')).stdout).toBe(
    'Tokens and sessions of staff member ada that were issued until now are revoked\n',
  )
  expect((await asAdmin.end()).reason).toBe('unauthorized')
  expect((await desk.call('GET', '/admin/chats', admin)).body['code']).toBe('token_revoked')
  expect(asUser.closed).toBeUndefined()
  await revoke('--sub', 'ada')
  expect((await asUser.end()).reason).toBe('unauthorized')
})

it('deskbell revoke wants to know whom', async () => {
  await expect(revoke()).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/needs --sub/) as string })
})

it('deskbell revoke --left also gives the chats back of who left', async () => {
  const { token, chatId } = await desk.person('ada')
  await desk.call('POST', '/support_chat/messages', token, { content: 'Hello' })
  await desk.deskbell.chats.assign({ userId: 'ada', to: { id: 'anna', name: 'Anna' } })
  expect((await revoke('--sub', 'anna', '--admin', '--left')).stdout).toContain('Their chats will be nobody’s')
  await until(async () => (await desk.store.findChat(chatId))?.assignee_id === null)
  await expect(revoke('--sub', 'ada', '--left')).rejects.toMatchObject({ code: 1 })
})
