// A Socket.IO server elsewhere, with an emitter that misbehaves when told to.
import { createServer } from 'node:http'
import { Server } from 'socket.io'
import type { SocketIoEmitter } from '../../../src/entries/node.ts'
import { admitListeners } from '../../../src/entries/socket.io.ts'
import { startService, type TestService } from './service.ts'

export const LISTENERS_SECRET = 'only-the-two-servers-know-this-secret'

const emitters = new WeakMap<TestService, SocketIoEmitter>()
/** What publishes to it, as the emitter of an adapter does */
export const emitterAt = (service: TestService): SocketIoEmitter => {
  const emitter = emitters.get(service)
  if (!emitter) throw new Error('The service is no Socket.IO server')
  return emitter
}

export const startSocketIo = (): Promise<TestService> =>
  startService((service) => {
    const io = new Server(createServer())
    const desk = io.of('/desk')
    admitListeners(desk, { secret: LISTENERS_SECRET })
    emitters.set(service, {
      to: (rooms) => ({
        emit(event, data) {
          // Nobody says that Redis is away
          if (service.api !== 'answers') return
          for (const channel of rooms) service.published.push({ channel, event, data })
          for (const socket of desk.sockets.values())
            if (rooms.some((room) => socket.rooms.has(room))) service.deliver(() => socket.emit(event, data))
        },
      }),
    })
    return {
      handle: () => ({ status: 404 }),
      connect: () => undefined,
      upgrades: {
        handle: (request, socket, head) => io.engine.handleUpgrade(request as never, socket, head),
        count: () => io.engine.clientsCount,
      },
    }
  })
