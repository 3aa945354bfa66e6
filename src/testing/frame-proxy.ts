// An HTTP and WebSocket proxy for faults that a TCP proxy cannot cause: it duplicates messages, changes their order, or lets no
// socket through.
import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'

export interface FrameFaults {
  /** Chance that a frame is delivered twice, in either direction */
  double: number
  /** Chance that a stored message from the server is overtaken by the next frame */
  overtake: number
  /** What happens to an Upgrade request */
  upgrades: 'pass' | 'refuse' | 'hang'
}

const NONE: FrameFaults = { double: 0, overtake: 0, upgrades: 'pass' }

export class FrameProxy {
  readonly #server: Server
  readonly #target: number
  readonly #random: () => number
  readonly #wss: WebSocketServer
  readonly #open = new Set<Duplex>()
  #faults = NONE
  /** Gets what goes to the client: frames, and pieces of answers */
  heard: ((text: string) => void) | undefined
  /** How often each fault was injected */
  readonly injected = { doubled: 0, overtaken: 0, upgradeLost: 0 }

  private constructor(target: number, random: () => number) {
    this.#target = target
    this.#random = random
    this.#wss = new WebSocketServer({
      noServer: true,
      handleProtocols: (_offered, incoming) => incoming.headers['x-selected-protocol'] as string,
    })
    this.#server = createServer((incoming, outgoing) => this.#forward(incoming, outgoing))
    this.#server.on('upgrade', (incoming, socket, head) => this.#upgrade(incoming, socket, head))
    this.#server.on('connection', (socket: Duplex) => {
      this.#open.add(socket)
      socket.on('close', () => this.#open.delete(socket))
    })
  }

  static async start(target: number, random: () => number = Math.random): Promise<FrameProxy> {
    const proxy = new FrameProxy(target, random)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Faults that are not named are off */
  set(faults: Partial<FrameFaults>): void {
    this.#faults = { ...NONE, ...faults }
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#open) socket.destroy()
    await closed
  }

  #forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, url: path } = incoming
    // As it was written, for who listens
    const headers = { ...incoming.headers, 'accept-encoding': 'identity' }
    const upstream = request({ port: this.#target, host: '127.0.0.1', method, path, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers)
      response.on('data', (piece: Buffer) => this.heard?.(piece.toString()))
      response.pipe(outgoing)
      response.on('error', () => outgoing.destroy())
    })
    upstream.on('error', () => outgoing.destroy())
    outgoing.on('close', () => upstream.destroy())
    incoming.pipe(upstream)
  }

  #upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', ignore)
    if (this.#faults.upgrades !== 'pass') this.injected.upgradeLost++
    if (this.#faults.upgrades === 'hang') return
    if (this.#faults.upgrades === 'refuse')
      return void socket.end('HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n')
    const offered = (incoming.headers['sec-websocket-protocol'] ?? '').split(',').map((p) => p.trim())
    const far = new WebSocket(`ws://127.0.0.1:${this.#target}${incoming.url ?? '/'}`, offered.filter(Boolean), {
      headers: incoming.headers.origin === undefined ? {} : { origin: incoming.headers.origin },
    })
    far.on('error', () => socket.destroy())
    const early: string[] = []
    far.on('message', (data: Buffer) => early.push(data.toString()))
    far.on('open', () => {
      incoming.headers['x-selected-protocol'] = far.protocol
      this.#wss.handleUpgrade(incoming, socket, head, (near) => {
        far.removeAllListeners('message')
        this.#relay(near, far, early)
      })
    })
    socket.on('close', () => far.terminate())
  }

  #relay(near: WebSocket, far: WebSocket, early: string[]): void {
    near.on('error', ignore)
    let waiting: string | undefined
    const down = (text: string): void => {
      if (near.readyState !== near.OPEN) return
      this.heard?.(text)
      near.send(text)
      if (this.#happens('double')) near.send(text)
    }
    const receive = (text: string): void => {
      // Only stored messages carry their position, so only their order can be restored by the client
      if (waiting === undefined && text.includes('"offset":') && this.#happens('overtake')) return void (waiting = text)
      down(text)
      if (waiting !== undefined) down(waiting)
      waiting = undefined
    }
    for (const text of early) receive(text)
    far.on('message', (data: Buffer) => receive(data.toString()))
    near.on('message', (data: Buffer) => {
      far.send(data.toString())
      if (this.#happens('double')) far.send(data.toString())
    })
    far.on('close', (code, reason) => (code === 1006 ? near.terminate() : near.close(code, reason)))
    near.on('close', () => far.terminate())
  }

  #happens(fault: 'double' | 'overtake'): boolean {
    if (this.#random() >= this.#faults[fault]) return false
    this.injected[fault === 'double' ? 'doubled' : 'overtaken']++
    return true
  }
}

const ignore = (): void => undefined
