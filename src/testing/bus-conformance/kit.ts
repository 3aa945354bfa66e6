import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { Bus } from '../../server/ports/bus.ts'
import { loopTime } from '../loop-time.ts'

/** A server that carries a bus, and that the suite may kill */
export interface BusServer {
  /** Where it listens on this machine; undefined for a bus that stays inside the process */
  readonly url: URL | undefined
  /** Makes a bus on this server */
  bus(options: BusChoice): Bus
  /** Ends the server as a power cut would */
  kill(): Promise<void>
  /** Starts it again after `kill` */
  start(): Promise<void>
  /** Ends it for good, after the last test */
  remove(): Promise<void>
}

export interface BusChoice {
  /** Buses in different channels must not receive each other's hints. Default: the bus's own */
  channel?: string
  /** URL of a proxy in front of the server, to be used instead of the server's own */
  url?: string | undefined
}

/** How another process makes the bus: `name` is a function that `module` exports, and takes the server's URL */
export interface BusFactory {
  module: URL
  name: string
}

/** A bus with what it received */
export interface Ear {
  bus: Bus
  hints: string[]
  /** How often it was resumed */
  resumed: number
}

export interface Kit {
  server: BusServer
  /** A bus, by default in the test's own channel */
  bus: (options?: BusChoice) => Bus
  /** One that listens, and is closed after the test */
  ear: (options?: BusChoice) => Promise<Ear>
}

/** One server for all tests of a suite. Each test leaves it running. */
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

/** Waits until every bus receives from every other. Hints may be lost until then, so each publishes repeatedly. */
export async function hearEachOther(...ears: Ear[]): Promise<void> {
  const word = `hello ${Math.random()}`
  await until(() => {
    ears.forEach((ear, i) => ear.bus.publish(`${word} ${i}`))
    return ears.every((ear, i) => ears.every((_, j) => i === j || ear.hints.includes(`${word} ${j}`)))
  })
}

/** The server's URL, for the tests that go through a proxy. @throws Error when the suite was given none */
export function urlOf({ url }: BusServer): URL {
  if (!url) throw new Error('A bus with a factory needs the url of its server')
  return url
}

export async function until(isTrue: () => boolean, ms = 60_000): Promise<void> {
  const end = loopTime() + ms
  while (!isTrue() && loopTime() < end) await pause(20)
  expect(isTrue(), `${isTrue.toString()} within ${ms} ms`).toBe(true)
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
