// A TCP proxy in front of one port that causes faults as networks do.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** Both halves of one connection: the client's and the server's */
interface Pair {
  near: Socket
  far: Socket
}

/**
 * @example
 * const proxy = await FaultProxy.start(3000)
 * proxy.blackhole(true) // connections to proxy.port get no answer and are not closed
 */
export class FaultProxy {
  readonly #server: Server
  readonly #pairs = new Set<Pair>()
  #target: number
  #refusing = false
  #half = { up: false, down: false }
  /** Sockets whose bytes are dropped until they are closed */
  readonly #dark = new WeakSet<Socket>()
  #latency: () => number = () => 0
  /** Connections so far, and how many of them the client ended */
  accepted = 0
  ended = 0
  /** How often each fault was injected */
  readonly injected = { cut: 0, refuse: 0, blackhole: 0, delay: 0 }

  private constructor(target: number) {
    this.#target = target
    this.#server = createServer((near) => this.#accept(near))
  }

  /** @param target the port on this machine to forward to */
  static async start(target: number, port = 0): Promise<FaultProxy> {
    const proxy = new FaultProxy(target)
    proxy.#server.listen(port, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Connections that are open now */
  get connections(): number {
    return this.#pairs.size
  }

  /** Forwards new connections to another port; open ones stay */
  retarget(port: number): void {
    this.#target = port
  }

  /** Resets every open connection */
  cut(): void {
    this.injected.cut++
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
  }

  /** New connections are reset at once */
  refuse(on: boolean): void {
    if (on) this.injected.refuse++
    this.#refusing = on
  }

  /**
   * Drops bytes without closing anything: half-open connections. Dropped bytes cannot be restored, so affected connections stay
   * dark when it ends; new ones work.
   * @param way `up` drops only what goes to the server, `down` only what comes from it
   */
  blackhole(on: boolean, way: 'both' | 'up' | 'down' = 'both'): void {
    if (on) this.injected.blackhole++
    this.#half = { up: on && way !== 'down', down: on && way !== 'up' }
    if (on) for (const pair of this.#pairs) this.#darken(pair)
  }

  /** Delays every chunk, in order. @param latency called for each chunk, in milliseconds */
  delay(latency: number | (() => number)): void {
    this.injected.delay++
    this.#latency = typeof latency === 'number' ? () => latency : latency
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const { near, far } of this.#pairs) {
      near.destroy()
      far.destroy()
    }
    await closed
  }

  #accept(near: Socket): void {
    this.accepted++
    near.on('error', ignore)
    near.once('end', () => this.ended++)
    if (this.#refusing) return void near.resetAndDestroy()
    const far = connect({ port: this.#target, host: '127.0.0.1', noDelay: true })
    near.setNoDelay(true)
    far.on('error', ignore)
    const pair = { near, far }
    this.#pairs.add(pair)
    this.#pipe(near, far)
    this.#pipe(far, near)
    if (this.#half.up || this.#half.down) this.#darken(pair)
  }

  #darken({ near, far }: Pair): void {
    if (this.#half.up) this.#dark.add(near)
    if (this.#half.down) this.#dark.add(far)
  }

  /** Forwards from `from` to `to`. While `from` is dark nothing is forwarded, not even its end */
  #pipe(from: Socket, to: Socket): void {
    let queue = Promise.resolve()
    const later = (task: () => void): void => {
      const at = Date.now() + this.#latency()
      queue = queue.then(async () => {
        const wait = at - Date.now()
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
        if (!this.#dark.has(from) && !to.destroyed) task()
      })
    }
    from.on('data', (chunk: Buffer) => later(() => to.write(chunk)))
    from.on('end', () => later(() => to.end()))
    from.on('close', () => {
      later(() => to.destroy())
      if (to.destroyed)
        for (const pair of this.#pairs) if (pair.near === from || pair.far === from) this.#pairs.delete(pair)
    })
  }
}

const ignore = (): void => undefined
