import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../../src/server/ports/store/store-unavailable.ts'
import { mongoStore } from '../../../src/stores/mongo.ts'
import type { Store } from '../../../src/server/ports/store/store.ts'
import { goneConformance, untilAnswers } from '../../../src/testing/database-conformance/away.ts'
import { message, newChat } from '../../../src/testing/database-conformance/kit.ts'
import { canStartMongodb, startMongodb } from '../../support/databases/mongodb.ts'
import { pause } from '../../support/desk.ts'
import { freshMongodb } from '../../support/mongodb.ts'

const database = await freshMongodb()

describe.skipIf(!canStartMongodb())('on a server of MongoDB’s protocol that we started', () => {
  goneConformance('mongodb', {
    openUrl: (url) => mongoStore(url),
    startServer: async () => (await startMongodb()) ?? expect.fail('There is neither mongod nor Go here'),
  })
})

describe.skipIf(!database)('on a server of MongoDB’s protocol', () => {
  afterAll(() => database?.drop())

  /** A store, and the sockets of its client. The first asks the server again and again whether it is there */
  async function openWithSockets(url: string): Promise<{ store: Store; sockets: Socket[] }> {
    const sockets: Socket[] = []
    const note = (made: unknown): void => void sockets.push((made as { socket: Socket }).socket)
    subscribe('net.client.socket', note)
    try {
      return { store: await mongoStore(url), sockets }
    } finally {
      unsubscribe('net.client.socket', note)
    }
  }

  // As when a server is killed: the socket has ended, and the driver has not been told yet. What it writes then, it waits for in vain
  it('goes on after a write to a connection that was just closing', async () => {
    const { store, sockets } = await openWithSockets(database?.url ?? expect.fail())
    const chat = await newChat(store, 'u')
    for (const socket of sockets) socket.destroy()
    await expect(store.appendMessages([message(chat)])).rejects.toBeInstanceOf(StoreUnavailable)
    expect(await store.appendMessages([message(chat)])).toMatchObject([{ kind: 'stored', message: { seq: 1 } }])
    await store.close()
  })

  it('goes on after the driver’s monitor wrote to a connection that was just closing', async () => {
    const { store, sockets } = await openWithSockets(database?.url ?? expect.fail())
    const [asking, ...others] = sockets
    // It asks at most every half second
    await pause(600)
    for (const socket of others) {
      const write = socket.write.bind(socket) as (...values: unknown[]) => boolean
      socket.write = (...values: unknown[]): boolean => {
        const isWritten = write(...values)
        asking?.destroy()
        socket.destroy(new Error('reset'))
        return isWritten
      }
    }
    await expect(store.findPerson('u')).rejects.toBeInstanceOf(StoreUnavailable)
    await untilAnswers(store)
    await store.close()
  })
})
