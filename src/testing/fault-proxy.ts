// A TCP proxy in front of one port that does to its connections what networks do.
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
 * proxy.blackhole(true) // whoever talks to proxy.port gets no answer and no end
 */
export class FaultProxy {
  readonly #server: Server
  readonly #pairs = new Set<Pair>()
  #target: number
  #refusing = false
  #half = { up: false, down: false }
  /** What these say is swallowed, for as long as they live */
  readonly #dark = new WeakSet<Socket>()
  #latency: () => number = () => 0
  /** Connections that were made to it so far, and those of them that the client ended */
  accepted = 0
  ended = 0
  /** How often each fault was injected */
  readonly injected = { cut: 0, refuse: 0, blackhole: 0, delay: 0 }

  private constructor(target: number) {
    this.#target = target
    this.#server = createServer((near) => this.#accept(near))
  }

  /** @param target the port on this machine that it leads to */
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

  /** From now on leads elsewhere; what is open stays where it is */
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
   * Bytes vanish, nothing is closed: a half-open line. What was swallowed is gone for good, so connections that were dark
   * stay dark when it ends; new ones work.
   * @param way `up` loses what goes to the server alone, `down` what comes from it
   */
  blackhole(on: boolean, way: 'both' | 'up' | 'down' = 'both'): void {
    if (on) this.injected.blackhole++
    this.#half = { up: on && way !== 'down', down: on && way !== 'up' }
    if (on) for (const pair of this.#pairs) this.#darken(pair)
  }

  /** Every chunk arrives this much later, in order. @param latency milliseconds, asked for each chunk */
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

  /** What `from` says reaches `to`, unless `from` is dark: then nothing does, not even that it has ended */
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
