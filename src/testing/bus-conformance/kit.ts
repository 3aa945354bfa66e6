import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { Bus } from '../../server/ports/bus.ts'

export interface BusServer {
  /** Where it is; undefined for what is inside this process */
  readonly url: URL | undefined
  bus(options: BusChoice): Bus
  /** As a power cut would */
  kill(): Promise<void>
  /** Again, after `kill` */
  start(): Promise<void>
  remove(): Promise<void>
}

/** A bus with what it received */
export interface Ear {
  bus: Bus
  hints: string[]
  /** How often it was resumed */
  resumed: number
}

export interface BusChoice {
  channel?: string
  /** Another way to the server */
  url?: string | undefined
}

export interface Kit {
  server: BusServer
  /** A bus, by default in the test's own channel */
  bus: (options?: BusChoice) => Bus
  /** One that listens, and is closed after the test */
  ear: (options?: BusChoice) => Promise<Ear>
}

/** One server for the tests of a file, which are to leave it running */
export function busKit(serve: () => Promise<BusServer>): () => Kit {
  let server: BusServer
  const buses: Bus[] = []
  let tests = 0
  const bus = (options?: BusChoice): Bus => server.bus({ channel: `deskbell.test${tests}`, ...options })
  beforeAll(async () => {
    server = await serve()
  }, 120_000)
  afterEach(async () => {
    tests++
    await Promise.all(buses.splice(0).map((bus) => bus.close()))
  })
  afterAll(async () => {
    await server.remove()
  })
  return () => ({
    server,
    bus,
    async ear(options) {
      const ear: Ear = { bus: bus(options), hints: [], resumed: 0 }
      buses.push(ear.bus)
      await ear.bus.listen(
        (hint) => ear.hints.push(hint),
        () => ear.resumed++,
      )
      return ear
    },
  })
}

/** The ways to each other work, both of them: hints are lost until they do, so they are said again and again. */
export async function hearEachOther(...ears: Ear[]): Promise<void> {
  const word = `hello ${Math.random()}`
  await until(() => {
    ears.forEach((ear, i) => ear.bus.publish(`${word} ${i}`))
    return ears.every((ear, i) => ears.every((_, j) => i === j || ear.hints.includes(`${word} ${j}`)))
  })
}

export async function until(isTrue: () => boolean, ms = 15_000): Promise<void> {
  const end = Date.now() + ms
  while (!isTrue() && Date.now() < end) await pause(20)
  expect(isTrue(), `${isTrue.toString()} within ${ms} ms`).toBe(true)
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
