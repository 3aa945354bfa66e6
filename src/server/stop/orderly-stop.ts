import type { Clock } from '../ports/clock.ts'
import { atMost } from './at-most.ts'
import { STOP } from './budget.ts'
import type { Gate } from './gate.ts'

interface Part {
  close: () => Promise<void>
}

export interface StopOptions {
  clock: Clock
  connections: { drain: (ms: number) => Promise<void> }
  uploads: { stop: () => void }[]
  requests: Gate
  writer: { close: () => Promise<void> }
  /** Those who tell others of what the writer commits */
  tellers: Part[]
  /** What runs by itself */
  workers: Part[]
  hub: { close: () => void }
  storeCalls: Gate
  mailer: { close?: (() => void) | undefined }
}

/** Stops the parts, once, in an order in which each finds those that it still needs */
export function orderlyStop(parts: StopOptions): (options?: { drainMs?: number | undefined }) => Promise<void> {
  const { clock, connections, uploads, requests, writer, tellers, workers, hub, storeCalls, mailer } = parts
  async function stop(drainMs: number): Promise<void> {
    // Connected clients may send until they are disconnected
    await connections.drain(drainMs)
    for (const one of uploads) one.stop()
    await requests.close(STOP.requests, clock)
    // What the writer still commits is published too, and staff are told of it
    const written = writer.close().then(() => Promise.all(tellers.map((teller) => teller.close())))
    await atMost(STOP.work, clock, Promise.all([written, ...workers.map((worker) => worker.close())]))
    hub.close()
    await storeCalls.close(STOP.storeCalls, clock)
    mailer.close?.()
  }
  let stopping: Promise<void> | undefined
  return ({ drainMs = 0 } = {}) => (stopping ??= stop(drainMs))
}
