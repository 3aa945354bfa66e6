// What /metrics tells, against what was done; and who may read it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { startServer, type TestServer } from '../support/running-server.ts'
import { TestStream } from '../support/event-stream.ts'
import { pause, until } from '../support/desk.ts'
import { PUSHER_APP, startPusher } from '../support/realtime-services/pusher.ts'
import { ADMIN, chatId, TestSocket, V1 } from '../support/socket.ts'

let server: TestServer
afterEach(() => server.stop())

async function scrape(headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  const response = await fetch(`${server.url}/metrics`, { headers })
  return { status: response.status, text: await response.text() }
}
/** @param series a name, with its labels as Prometheus writes them */
async function value(series: string): Promise<number | undefined> {
  const line = (await scrape()).text.split('\n').find((one) => one.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}
async function becomes(series: string, wanted: number): Promise<void> {
  for (let n = 0; n < 3_000 && (await value(series)) !== wanted; n++) await pause(20)
  expect([series, await value(series)]).toEqual([series, wanted])
}

it('/metrics counts what happens', async () => {
  server = await startServer({ NOTIFY_AFTER: '200ms' })
  const [ada, sam] = [await server.userToken('ada'), await server.adminToken()]
  const call = (path: string, token: string, body: unknown) =>
    fetch(server.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const { id } = (await (
    await fetch(`${server.url}/support_chat`, { headers: { authorization: `Bearer ${ada}` } })
  ).json()) as { id: string }

  const ws = server.url.replace('http', 'ws')
  const cable = await TestSocket.open(`${ws}/cable?jid=${ada}`, [V1])
  const staff = await TestSocket.open(`${ws}/cable?jid=${sam}`, [V1])
  const plain = await TestSocket.open(`${ws}/ws/chat?chat_id=${id}&jid=${ada}`)
  const stream = await TestStream.open(`${server.url}/support_chat/events`, ada)
  await cable.subscribe(chatId(id))
  await staff.subscribe(ADMIN)
  await becomes('deskbell_connections{kind="cable"}', 2)
  await becomes('deskbell_connections{kind="plain"}', 1)
  await becomes('deskbell_connections{kind="events"}', 1)

  const frames = (await value('deskbell_frames_written_total')) ?? 0
  for (let n = 0; n < 5; n++)
    cable.perform(chatId(id), { action: 'send_message', content: `m${n}`, client_id: `c${n}` })
  await until(() => stream.named('new_message').length === 5)
  cable.perform(chatId(id), { action: 'send_message', content: 'm0', client_id: 'c0' })
  cable.perform(chatId(id), { action: 'send_message', content: 'other', client_id: 'c0' })
  await call('/support_chat/messages', ada, { content: ' ' })
  await call(`/admin/chats/${id}/messages`, sam, { content: 'a reply' })
  await becomes('deskbell_messages_total{outcome="stored"}', 6)
  await becomes('deskbell_messages_total{outcome="repeated"}', 1)
  await becomes('deskbell_messages_total{outcome="conflict"}', 1)
  await becomes('deskbell_messages_total{outcome="blank"}', 1)
  // Six messages to three listeners in the chat
  expect(((await value('deskbell_frames_written_total')) ?? 0) - frames).toBeGreaterThanOrEqual(18)
  expect(await value('deskbell_commit_messages_sum')).toBe(8)
  const commits = (await value('deskbell_commit_duration_seconds_count')) ?? 0
  expect(commits).toBeGreaterThanOrEqual(2)
  expect(await value('deskbell_commit_duration_seconds_bucket{le="+Inf"}')).toBe(commits)
  expect(await value('deskbell_commit_failures_total')).toBe(0)
  await becomes('deskbell_messages_waiting', 0)
  await becomes('deskbell_mails_total{outcome="sent"}', 1)
  await becomes('deskbell_mails_sending', 0)
  await becomes('deskbell_notifications_overdue_seconds', 0)
  await becomes('deskbell_ready', 1)

  expect((await fetch(`${server.url}/support_chat`, { headers: { authorization: 'Bearer x.y.z' } })).status).toBe(401)
  await becomes('deskbell_credentials_refused_total{code="token_invalid"}', 1)
  expect(await value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
  for (const socket of [cable, staff, plain]) socket.close()
  stream.close()
  for (const kind of ['cable', 'plain', 'events']) await becomes(`deskbell_connections{kind="${kind}"}`, 0)
})

it('/metrics counts what goes to the service of PUBLISH_URL, and what does not', async () => {
  const service = await startPusher()
  const { key, secret, appId } = PUSHER_APP
  const url = `pusher://${key}:${secret}@${service.host}:${service.port}/${appId}?tls=off`
  server = await startServer({ PUBLISH_URL: url, PUBLISH: 'messages' })
  const token = await server.userToken('ada')
  const say = (content: string) =>
    fetch(`${server.url}/support_chat/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content }),
    })
  const publications = (outcome: string) => `deskbell_publications_total{event="new-message",outcome="${outcome}"}`
  await say('hello')
  await becomes(publications('published'), 1)
  expect(service.published.map(({ data }) => data)).toContainEqual(
    expect.objectContaining({ seq: 1, message: expect.objectContaining({ content: 'hello' }) as object }),
  )
  service.api = 'too many'
  service.retryAfter = 60
  await say('is anybody there?')
  await becomes(publications('retry'), 1)
  await becomes('deskbell_publications_waiting', 1)
  await service.stop()
})

it('/metrics is well-formed, and says which version runs', async () => {
  server = await startServer()
  const response = await fetch(`${server.url}/metrics`)
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  for (const line of lines) expect(line).toMatch(/^[a-z0-9_]+(\{([a-z_]+="[^"]*",?)+\})? \S+$/)
  expect(lines.filter((line) => line.startsWith('deskbell_info'))).toEqual([
    expect.stringMatching(/^deskbell_info\{version="\d+\.\d+\.\d+"\} 1$/),
  ])
})

it('/metrics is documented, name by name', async () => {
  server = await startServer()
  const { text } = await scrape()
  const told = [...text.matchAll(/^# TYPE (deskbell_\w+)/gm)].map(([, name]) => name ?? '')
  const table = readFileSync(join(import.meta.dirname, '../../docs/operating.md'), 'utf8')
  const documented = [...table.matchAll(/^\| `(deskbell_\w+)/gm)].map(([, name]) => name ?? '')
  expect(told.toSorted()).toEqual(documented.toSorted())
})

it.each([
  ['in production', { NODE_ENV: 'production' }],
  ['when it is switched off', { METRICS: 'off' }],
])('/metrics is nowhere %s', async (_when, env) => {
  server = await startServer(env)
  expect((await scrape()).status).toBe(404)
})

it('/metrics is there in production for who carries the token', async () => {
  const token = 'a-scraper-that-we-know'
  server = await startServer({ NODE_ENV: 'production', METRICS: `token:${token}` })
  for (const headers of [{}, { authorization: 'Bearer nobody' }, { authorization: `Basic ${token}` }]) {
    const { status, text } = await scrape(headers as Record<string, string>)
    expect([status, text.includes('deskbell_')]).toEqual([401, false])
  }
  expect((await scrape({ authorization: `Bearer ${token}` })).text).toContain('deskbell_messages_total')
})
