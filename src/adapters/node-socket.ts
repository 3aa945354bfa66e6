import { EventEmitter } from 'node:events'
import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer, type RawData } from 'ws'
import { MAX_FRAME } from '../protocol/limits.ts'
import type { DeskbellCore } from '../server/deskbell-core.ts'
import type { Peer } from '../server/http/address.ts'
import type { Frame, Socket, SocketHandler } from '../server/ports/socket.ts'
import { takeTurns } from './take-turns.ts'
import { toRequest } from './to-request.ts'

/** How long a peer may take to answer our close frame, or to hang up after its own (ms). The types of `ws` lack it */
const CLOSING = { closeTimeout: 2_000 }

/** Handshakes that begin in one turn of the loop. After a restart thousands come at once, and no message may wait for all of them */
const HANDSHAKES_A_TURN = 20

/** A ping without data, unmasked (RFC 6455 section 5.5.2). A `Buffer`, because Node's streams make one of every other array, each time */
const PING = Buffer.of(0x89, 0)

/**
 * A `ws` socket whose text frames are written directly, because the hub has already encoded them once for all subscriptions.
 * Everything that one turn of the loop writes to a socket leaves in one system call. This is safe: no compression is negotiated,
 * and each frame is written whole, so control frames of `ws` never fall into the middle of one.
 */
class NodeSocket implements Socket {
  readonly #ws: WebSocket
  readonly #raw: Duplex
  /** What was written in this turn, while it is one frame. It is not corked: most turns write one, and Node's way through its queue costs more */
  #only: Uint8Array | undefined
  #corked = false
  #backlog = 0

  constructor(ws: WebSocket, raw: Duplex) {
    this.#ws = ws
    this.#raw = raw
  }

  send(frame: Frame): void {
    this.#write(frame.bytes)
  }

  /** Lets out what was written in this turn */
  flush(): void {
    const only = this.#only
    this.#only = undefined
    if (this.#corked) {
      this.#corked = false
      this.#raw.uncork()
    } else if (only && this.#isOpen) this.#raw.write(only)
  }

  /** Leaves together with what is sent in the same turn, as the beat is */
  ping(): void {
    this.#write(PING)
  }

  close(code: number, reason: string): void {
    this.flush()
    this.#ws.close(code, reason)
  }

  get bufferedBytes(): number {
    // Bytes written in this turn could not leave yet, so they say nothing about the peer
    return this.#corked ? this.#backlog : this.#raw.writableLength
  }

  get #isOpen(): boolean {
    return this.#ws.readyState === this.#ws.OPEN
  }

  #write(bytes: Uint8Array): void {
    if (!this.#isOpen) return
    if (this.#corked) this.#raw.write(bytes)
    else if (this.#only) {
      this.#corked = true
      this.#backlog = this.#raw.writableLength
      this.#raw.cork()
      this.#raw.write(this.#only)
      this.#raw.write(bytes)
    } else {
      this.#only = bytes
      if (written.push(this) === 1) process.nextTick(flushAll)
    }
  }
}

/** To these something was written in this turn. One callback for all: one for each would take as long as the rest of a heartbeat */
let written: NodeSocket[] = []

function flushAll(): void {
  const all = written
  written = []
  for (const socket of all) socket.flush()
}

export type NodeUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Of all chats in this process */
const turn = takeTurns(HANDSHAKES_A_TURN)

/** The paths of every chat in this process, of which a server may have several */
const pathsOfChats = new WeakMap<NodeUpgrade, string[]>()

/** An `upgrade` listener of a Node HTTP server, which may have others. */
export function nodeUpgrade(core: DeskbellCore): NodeUpgrade {
  const protocols = new WeakMap<IncomingMessage, string>()
  const wss = new WebSocketServer({
    noServer: true,
    WebSocket: HandledSocket,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME,
    handleProtocols: (_offered, request) => protocols.get(request) ?? false,
    ...CLOSING,
  })

  async function upgrade(incoming: IncomingMessage, raw: Duplex, head: Buffer): Promise<void> {
    const release = keepOpen(raw)
    // At once where it can: a server that offers upgrades to its routes too must see that this one is taken
    const mayBegin = turn()
    if (mayBegin) await mayBegin
    // Who gave up meanwhile costs nothing more
    if (raw.destroyed) return release()
    const accepted = await core.handshake(toRequest(incoming), peerOf({ incoming })).finally(release)
    if (raw.destroyed) return
    if (accepted instanceof Response) return refuse(raw, accepted)
    if (accepted.protocol !== undefined) protocols.set(incoming, accepted.protocol)
    // The answer and the first frame leave in one system call
    raw.cork()
    wss.handleUpgrade(incoming, raw, head, (ws) => {
      const socket = new NodeSocket(ws, raw)
      listen(ws, accepted.open(socket))
      socket.flush()
    })
    raw.uncork()
  }

  function listener(this: unknown, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = request.url?.split('?', 1)[0] ?? ''
    if (!core.socketPaths.includes(path) && isLeftToOthers(path, this, listener)) return
    // Before `ws` takes over, and after a refusal, nobody else handles errors of the socket, and one would end the process
    socket.on('error', ignore)
    upgrade(request, socket, head).catch(() => socket.destroy())
  }
  pathsOfChats.set(listener, core.socketPaths)
  return listener
}

/**
 * Whether an upgrade for another path is left to the other listeners of a server. If it has none, this one must answer: otherwise the
 * socket would stay open for good. If they all are chats and none has this path, the last one answers.
 * @param caller the server, or anything else where the host passes on the upgrades that it wants answered
 */
function isLeftToOthers(path: string, caller: unknown, listener: NodeUpgrade): boolean {
  if (!(caller instanceof EventEmitter)) return false
  const listeners = caller.listeners('upgrade') as NodeUpgrade[]
  return listeners.at(-1) !== listener || listeners.some((other) => pathsOfChats.get(other)?.includes(path) ?? true)
}

/**
 * Socket.IO ends every upgrade on its server that nobody has answered within a second, and the host may take longer to say who asks.
 * @returns ends this
 */
function keepOpen(raw: Duplex): () => void {
  const end = Reflect.get(raw, 'end') as Duplex['end']
  raw.end = stayOpen
  // Not deleted: V8 keeps an object that lost a property as a hash table, which takes 2.5 KB more and is slower, for the whole connection
  return () => void (raw.end = end)
}

function stayOpen(this: Duplex): Duplex {
  return this
}

const ignore = (): void => undefined

/** The address is undefined when the peer has already left */
export const peerOf = ({ incoming }: { incoming: { socket: { remoteAddress?: string | undefined } } }): Peer => ({
  address: incoming.socket.remoteAddress,
})

/** A socket with its handler, so that all sockets share the same listener functions */
class HandledSocket extends WebSocket {
  handler: SocketHandler | undefined
}

function onMessage(this: HandledSocket, data: Buffer, isBinary: boolean): void {
  if (isBinary) this.close(1003, 'text only')
  else this.handler?.receive(data.toString())
}
function onPong(this: HandledSocket): void {
  this.handler?.alive()
}
function onClose(this: HandledSocket): void {
  this.handler?.closed()
}

function listen(ws: HandledSocket, handler: SocketHandler): void {
  ws.handler = handler
  ws.on('message', onMessage as (this: WebSocket, data: RawData, isBinary: boolean) => void)
  ws.on('pong', onPong as (this: WebSocket) => void)
  ws.on('close', onClose as (this: WebSocket) => void)
  // `ws` closes by itself after a protocol error; 'close' follows
  ws.on('error', ignore)
}

async function refuse(raw: Duplex, response: Response): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer())
  const head = [
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}`,
    ...[...response.headers].map(([name, value]) => `${name}: ${value}`),
    `content-length: ${body.length}`,
    'connection: close',
  ]
  raw.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]), () => raw.destroy())
}
