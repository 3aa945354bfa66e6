// The server and the client of docs/realtime.md for Socket.IO, as they stand there, against each other.
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Server } from 'socket.io'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { namedCodeOf } from '../support/documented-code.ts'
import { documentedClient, type DocumentedClient } from '../support/socket-io.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Where packages are found from */
const dir = mkdtempSync(join(ROOT, 'node_modules', '.socket-io-'))
const written = (name: string, code: string): string => {
  writeFileSync(join(dir, name), code)
  return join(dir, name)
}

let desk: Desk
let client: DocumentedClient
let url: string
let running: { server: HttpServer; io: Server }
beforeAll(async () => {
  desk = await startDesk({ rateLimit: null })
  client = await documentedClient()
  const { deskbell } = desk
  Object.assign(globalThis, { documented: { deskbell } })
  written('support.js', 'export const { deskbell } = globalThis.documented')
  const code = (namedCodeOf('docs/realtime.md').get('socket-io-server') ?? '')
    .replace("'deskbell/socket.io'", "'../../src/entries/socket.io.ts'")
    .replace('server.listen(3000)', 'server.listen(0)\nexport { io, server }')
  running = (await import(written('server.mjs', code))) as typeof running
  url = `http://127.0.0.1:${(running.server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await running.io.close()
  await desk.stop()
  rmSync(dir, { recursive: true, force: true })
})

it('the client shows each message once and in order, and sends each once, while its connection breaks', async () => {
  const { token, chatId } = await desk.person('ada')
  await desk.call('POST', '/support_chat/messages', token, { content: 'before' })
  const shown: string[] = []
  const socket = client.follow(
    url,
    { token },
    { show: ({ content }) => shown.push(content), clear: () => expect.fail() },
  )
  await until(() => shown.length === 1)
  for (let n = 1; n <= 5; n++) {
    const twice = { content: `twice ${n}`, client_id: `id-${n}` }
    const sending = [client.send(socket, { content: `mine ${n}` }), client.send(socket, twice)]
    if (n % 2 === 0) socket.io.engine.close()
    const answers = await Promise.all([...sending, client.send(socket, twice)])
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true])
    await desk.call('POST', `/admin/chats/${chatId}/messages`, await desk.admin(), { content: `theirs ${n}` })
  }
  await until(() => shown.length >= 16)
  const { messages } = await desk.store.messages(chatId, { after: 0, limit: 100 })
  expect(shown).toEqual(messages.map(({ content }) => content))
  expect(messages).toHaveLength(16)
  expect(await client.send(socket, { content: ' ' })).toMatchObject({ ok: false, code: 'blank' })
  socket.disconnect()
})
