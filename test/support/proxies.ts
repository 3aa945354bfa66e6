// An HTTP reverse proxy that does what those on the way to people do: swallows upgrades, collects responses, cuts what lasts.
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

export interface Weather {
  /** `refuse`: 502; `hang`: neither let in nor refused; `mute`: let in, and then not a word; `strip`: passed on as a plain request */
  upgrades: 'pass' | 'refuse' | 'hang' | 'mute' | 'strip'
  /** Passes a response on only when all of it is there */
  buffers: boolean
  /** A page that it answers in place of the server, before or after the server was asked; null: what the server answers */
  instead: { status: number; page: string; when: 'before' | 'after' } | null
  /** Responses wait for this; null: they pass */
  held: Promise<unknown> | null
  /** Ends every connection that began while this is set after so many milliseconds; null: never */
  cutAfter: number | null
  /** What it makes of headers on the way to the server; null: it drops them */
  rewrites: Record<string, string | null>
  /** Appends its peer to X-Forwarded-For, as often as so many proxies in a row */
  appends: number
}

export class ReverseProxy {
  /** May be changed at any time */
  readonly weather: Weather
  #target: number
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((incoming, outgoing) => this.#forward(incoming, outgoing))
  /** Event streams that are let through and have not ended */
  streams = 0
  /** Sockets that were let through and are up */
  upgraded = 0
  /** Everything that was asked for, upgrades too */
  readonly seen: string[] = []

  private constructor(target: number, weather: Partial<Weather>) {
    this.#target = target
    this.weather = {
      upgrades: 'pass',
      buffers: false,
      instead: null,
      held: null,
      cutAfter: null,
      rewrites: {},
      appends: 0,
      ...weather,
    }
    this.#server.on('connection', (socket: Socket) => this.#track(socket))
    this.#server.on('upgrade', (incoming, socket: Socket, head: Buffer) => this.#upgrade(incoming, socket, head))
  }

  /** @param target the port on this machine that it stands before */
  static async start(target: number, weather: Partial<Weather> = {}): Promise<ReverseProxy> {
    const proxy = new ReverseProxy(target, weather)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  /** From now on it stands before another port */
  retarget(port: number): void {
    this.#target = port
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Ends what is open now */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.cut()
    await closed
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
    const { cutAfter } = this.weather
    if (cutAfter !== null) setTimeout(() => socket.destroy(), cutAfter)
  }

  #forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, url = '/' } = incoming
    const headers = this.#rewritten(incoming)
    this.seen.push(url)
    if (this.weather.instead?.when === 'before') return this.#answer(incoming, outgoing)
    const onward = request({ host: '127.0.0.1', port: this.#target, method, path: url, headers, agent: false })
    outgoing.on('close', () => onward.destroy())
    onward.on('error', () => outgoing.destroy())
    onward.on('response', async (response) => {
      response.on('error', () => outgoing.destroy())
      await this.weather.held
      if (this.weather.instead) return this.#answer(response, outgoing)
      if (!this.weather.buffers) {
        outgoing.writeHead(response.statusCode ?? 502, response.headers)
        outgoing.flushHeaders()
        if (/event-stream/.test(response.headers['content-type'] ?? '')) {
          this.streams++
          outgoing.on('close', () => this.streams--)
        }
        response.pipe(outgoing)
        return
      }
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers)
        outgoing.end(Buffer.concat(chunks))
      })
    })
    incoming.on('error', () => onward.destroy())
    incoming.pipe(onward)
  }

  #answer(unread: IncomingMessage, outgoing: ServerResponse): void {
    unread.resume()
    const { status = 502, page } = this.weather.instead ?? {}
    outgoing.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(page)
  }

  #rewritten({ headers, socket }: IncomingMessage): IncomingHttpHeaders {
    const { rewrites, appends } = this.weather
    const all: IncomingHttpHeaders = { ...headers }
    for (const [name, value] of Object.entries(rewrites)) {
      if (value === null) delete all[name]
      else all[name] = value
    }
    for (let n = 0; n < appends; n++)
      all['x-forwarded-for'] = [all['x-forwarded-for'], socket.remoteAddress].filter(Boolean).join(', ')
    return all
  }

  #upgrade(incoming: IncomingMessage, near: Socket, head: Buffer): void {
    this.seen.push(`upgrade ${incoming.url}`)
    const { upgrades } = this.weather
    if (upgrades === 'hang') return
    if (upgrades === 'refuse') {
      near.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
      return
    }
    const far = connect(this.#target, '127.0.0.1', () => {
      const lines = [`GET ${incoming.url} HTTP/1.1`]
      for (const [name, value] of Object.entries(this.#rewritten(incoming)))
        if (upgrades !== 'strip' || !/^(connection|upgrade)$/.test(name)) lines.push(`${name}: ${String(value)}`)
      far.write(`${lines.join('\r\n')}\r\n\r\n`)
      far.write(head)
      near.pipe(far)
      if (upgrades === 'mute')
        far.once('data', (chunk) => near.write(`${chunk.toString().split('\r\n\r\n')[0]}\r\n\r\n`))
      else far.pipe(near)
    })
    if (upgrades === 'pass') this.upgraded++
    far.on('error', () => near.destroy())
    far.on('close', () => near.destroy())
    near.on('close', () => {
      if (upgrades === 'pass') this.upgraded--
      far.destroy()
    })
  }
}
