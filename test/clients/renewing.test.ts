// Permissions that are about to end, with the clients of the services that are told of the next one.
import { randomUUID } from 'node:crypto'
import { RealtimeClient } from '@supabase/realtime-js'
import { io } from 'socket.io-client'
import { expect, it } from 'vitest'
import type { Join } from '../../src/client/services/join.ts'
import { joinSocketIo } from '../../src/client/services/socket-io.ts'
import { joinSupabase } from '../../src/client/services/supabase.ts'
import type { PublishedTopic } from '../../src/server/ports/publisher.ts'
import { until } from '../support/desk.ts'
import { LISTENED } from '../support/realtime-services/services.ts'

/** How long (ms) the person's credentials are still good. Clients ask for the next permission a minute before the end of one */
const LEFT = 50_000
/** Nobody asks more often (ms) */
const APART = 30_000

it.each<{ name: string; join: Join<never> }>([
  { name: 'Supabase Realtime', join: joinSupabase(async () => ({ RealtimeClient })) },
  { name: 'a Socket.IO server elsewhere', join: joinSocketIo(async () => ({ io })) },
])('who listens by $name does not ask over and over when the credentials expire soon', async ({ name, join }) => {
  const { start, publisher: publisherAt } = LISTENED.find((choice) => choice.name === name) ?? expect.fail(name)
  const service = await start()
  const publisher = publisherAt(service)
  const chatId = randomUUID()
  const topic: PublishedTopic = { type: 'chat', chatId }
  const controller = new AbortController()
  const began = Date.now()
  const person = { side: 'user', id: 'ada', mayBeSeen: true, connection: undefined, expiresAt: began + LEFT } as const
  let asked = 0
  let isIn = false
  let hints = 0
  await join({
    listening: publisher.listen(topic) as never,
    signal: controller.signal,
    owner: {},
    authorize: () => (asked++, publisher.authorize(topic, person)),
    joined: () => (isIn = true),
    lost: () => undefined,
    refused: () => undefined,
    hinted: () => hints++,
    typing: () => undefined,
    present: () => undefined,
  })
  await until(() => isIn)
  for (let seq = 1; seq <= 5; seq++) {
    const data = { chat_id: chatId, seq }
    await publisher.publish({ topics: [topic], event: 'new-message', data }, AbortSignal.timeout(60_000))
    await until(() => hints === seq)
  }
  expect(asked).toBeLessThanOrEqual(1 + (Date.now() - began) / APART)
  controller.abort()
  await until(() => service.sockets === 0)
  await service.stop()
})
