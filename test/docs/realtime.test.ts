// What docs/realtime.md shows, as it stands there.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeskbellCore, Publisher } from '../../src/entries/core.ts'
import { freshDatabase } from '../support/databases.ts'
import { startDesk } from '../support/desk.ts'
import { namedCodeOf } from '../support/documented-code.ts'
import { mayRead } from '../support/realtime-services/firebase.ts'
import { RecordingPublisher } from '../support/recording-publisher.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-docs-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

async function documented<Exports>(name: string): Promise<Exports> {
  const code = namedCodeOf('docs/realtime.md').get(name) ?? expect.fail(`the page has no ${name}`)
  const entry = pathToFileURL(join(import.meta.dirname, '../../src/entries/node.ts')).href
  const file = join(dir, name.replace('.js', '.mjs'))
  writeFileSync(file, code.replace("'deskbell'", JSON.stringify(entry)))
  return (await import(pathToFileURL(file).href)) as Exports
}

it('The publishers of docs/realtime.md say what to listen to', async () => {
  const env = { PUSHER_APP_ID: '1', PUSHER_KEY: 'public', PUSHER_SECRET: 'secret', ABLY_KEY: 'app.key:secret' }
  const supabaseEnv = {
    SUPABASE_URL: 'https://p.supabase.co',
    SUPABASE_PUBLISHABLE_KEY: 'public',
    SUPABASE_SECRET_KEY: 'secret',
    SUPABASE_JWT_SECRET: 'secret',
  }
  const firebaseEnv = {
    FIREBASE_DATABASE_URL: 'https://p.firebaseio.com',
    FIREBASE_API_KEY: 'public',
    FIREBASE_SERVICE_ACCOUNT: JSON.stringify({ client_email: 'a@b', private_key: 'secret' }),
  }
  Object.assign(process.env, env, supabaseEnv, firebaseEnv)
  const { pusher, ably, supabase, firebase } = await documented<Record<string, () => Publisher>>('publishers.js')
  const told = [pusher, ably, supabase, firebase].map((make) => make?.().listen({ type: 'staff' }))
  expect(told).toEqual([
    { service: 'pusher', key: 'public', channel: 'private-support-staff', event: 'new-message', cluster: 'eu' },
    { service: 'ably', channel: 'support-staff', event: 'new-message' },
    {
      service: 'supabase',
      url: 'https://p.supabase.co',
      key: 'public',
      topic: 'support-staff',
      event: 'new-message',
    },
    { service: 'firebase', url: 'https://p.firebaseio.com', key: 'public', path: 'support-staff/hint' },
  ])
  expect(JSON.stringify(told)).not.toContain('secret')
})

it('The handler of docs/realtime.md hands over what a request has still to publish', async () => {
  type Handler = (
    deskbell: DeskbellCore,
    waitUntil: (work: Promise<unknown>) => void,
  ) => (request: Request) => Promise<Response>
  const { handler } = await documented<{ handler: Handler }>('serverless.js')
  const { promise: published, resolve: publish } = Promise.withResolvers<void>()
  const publisher = Object.assign(new RecordingPublisher(), { publish: () => published })
  const desk = await startDesk({ publisher })
  const work: Promise<unknown>[] = []
  const { token } = await desk.person('ada')
  const request = new Request('http://desk.example/support_chat/messages', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ content: 'hello' }),
  })
  expect((await handler(desk.deskbell, (promise) => work.push(promise))(request)).status).toBe(201)
  expect(work).toHaveLength(1)
  publish()
  await Promise.all(work)
  await desk.stop()
})

it('The rules of docs/realtime.md let a listener hear what the token names, and staff every chat, for as long as it says', () => {
  const [own, other] = ['support-chats/a/hint', 'support-chats/b/hint']
  const soon = Date.now() + 60_000
  const ada = { support_until: soon, support_chat: 'a' }
  const staff = { support_until: soon, support_staff: true }
  expect([own, other, 'support-staff/hint', 'support-chats', 'orders'].map((path) => mayRead(path, ada))).toEqual([
    true,
    false,
    false,
    false,
    false,
  ])
  expect([own, other, 'support-staff/hint', 'orders'].map((path) => mayRead(path, staff))).toEqual([
    true,
    true,
    true,
    false,
  ])
  for (const auth of [undefined, {}, { ...ada, support_until: Date.now() - 1 }]) expect(mayRead(own, auth)).toBe(false)
})

const database = await freshDatabase('postgres')

describe.skipIf(!database)('The policy of docs/realtime.md, on tables as Supabase has them,', () => {
  let client: Client
  beforeAll(async () => {
    client = new Client(database?.url)
    await client.connect()
    // A role belongs to all databases of the server
    await client.query(`
      do $$ begin create role anon nologin; exception when duplicate_object then null; end $$;
      create schema realtime;
      create table realtime.messages (topic text not null, extension text not null);
      create function realtime.topic() returns text language sql stable as
        $$ select nullif(current_setting('realtime.topic', true), '') $$;
      alter table realtime.messages enable row level security;
      grant usage on schema realtime to anon;
      grant select on realtime.messages to anon;`)
    await client.query(namedCodeOf('docs/realtime.md').get('supabase-policy.sql') ?? expect.fail('no policy'))
    const topics = ['support-chat:a', 'support-chat:b', 'support-staff', 'orders']
    for (const topic of topics)
      await client.query('insert into realtime.messages values ($1, $2), ($1, $3)', [topic, 'broadcast', 'presence'])
  })
  afterAll(async () => {
    await client.end()
    await database?.drop()
  })

  /** Whether somebody with these claims may join, as Supabase asks */
  async function mayHear(topic: string, claims: object | null): Promise<boolean> {
    await client.query('begin')
    await client.query("select set_config('realtime.topic', $1, true), set_config('request.jwt.claims', $2, true)", [
      topic,
      claims ? JSON.stringify(claims) : '{"role":"anon"}',
    ])
    await client.query('set local role anon')
    const { rows } = await client.query('select extension from realtime.messages where topic = $1', [topic])
    await client.query('rollback')
    expect(rows.every((row: { extension: string }) => row.extension === 'broadcast')).toBe(true)
    return rows.length > 0
  }

  it('lets a listener hear the channel that the token names, and staff every chat', async () => {
    const [own, staff] = [{ support_topic: 'support-chat:a' }, { support_topic: 'support-staff' }]
    expect(await mayHear('support-chat:a', own)).toBe(true)
    expect(await mayHear('support-chat:b', own)).toBe(false)
    expect(await mayHear('support-staff', own)).toBe(false)
    expect(await mayHear('support-chat:b', staff)).toBe(true)
    expect(await mayHear('support-staff', staff)).toBe(true)
    expect(await mayHear('orders', staff)).toBe(false)
    for (const topic of ['support-chat:a', 'support-staff', 'orders']) expect(await mayHear(topic, null)).toBe(false)
  })
})
