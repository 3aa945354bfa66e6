// `deskbell webhooks`, beside a server that sends.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sqliteStore } from '../../src/entries/node.ts'
import { outboxOf, readEndpoints } from '../../src/server/webhooks/endpoint.ts'
import { deskbell } from '../support/cli.ts'
import { WEBHOOK_SECRET } from '../support/webhook-receiver.ts'

it('deskbell webhooks lists the newest, and makes one due that failed', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-webhooks-'))
  const url = 'https://example.com/hook?key=1'
  const env = { DATA_DIR: dir, WEBHOOK_URL: url, WEBHOOK_SECRET }
  const run = (...args: string[]) => deskbell(['webhooks', ...args], env)
  try {
    const store = await sqliteStore(join(dir, 'deskbell.db'))
    const [at, endpoints] = [new Date().toISOString(), readEndpoints([{ url, secret: WEBHOOK_SECRET }])]
    await store.savePeople([{ id: 'ada', email: 'ada@example.com', name: null }], at)
    const chat_id = (await store.openChat('ada', crypto.randomUUID(), at)).id
    const sender = { sender_type: 'user', sender_id: 'ada', sender_name: null } as const
    const message = {
      id: crypto.randomUUID(),
      chat_id,
      content: 'secret',
      client_id: null,
      created_at: at,
      notify_at: null,
    }
    expect((await run()).out).toBe('None')
    await store.appendMessages([{ ...message, ...sender }], outboxOf(endpoints))
    const query = { endpoint: endpoints[0]?.id ?? '', at, lease: 1_000, limit: 1 }
    const [due] = await store.claimWebhooks(query)
    if (!due) return expect.fail()
    await store.settleWebhook(due, { state: 'failed', status: 500, reason: 'status' }, at)

    const { out } = await run('--failed')
    expect(out).toMatch(
      new RegExp(`^${due.id}  ${at}  failed +message.created  ada@example.com  https://example.com/hook  `),
    )
    expect(out).toMatch(/\(status 500, tried once\)$/)
    expect(out).not.toMatch(/secret|key=1/)
    expect(await run('--again', due.id)).toMatchObject({ code: 0, out: expect.stringContaining('It is due') as string })
    expect((await store.listWebhooks({ limit: 1 }))[0]).toMatchObject({ state: 'pending', attempts: 0 })
    expect((await run('--failed')).out).toBe('None')
    expect(await run('--again', 'x')).toMatchObject({ code: 1, err: expect.stringContaining('no webhook x') as string })
    await store.close()
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
