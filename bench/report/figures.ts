// The figures of a scenario, as numbers: what is read from a run, and how tables show it.
import type { Result } from '../driver/plan.ts'
import type { RunRecord } from '../scenarios/run-once.ts'

export interface Figure {
  name: string
  title: string
  digits: number
  /** Undefined for what is shown but not compared */
  better?: 'higher' | 'lower'
  /** NaN in scenarios that do not have it */
  of: (result: Result) => number
}

const load =
  (of: (result: Extract<Result, { kind: 'load' }>) => number) =>
  (result: Result): number =>
    result.kind === 'load' ? of(result) : NaN
const hold =
  (of: (result: Extract<Result, { kind: 'hold' }>) => number) =>
  (result: Result): number =>
    result.kind === 'hold' ? of(result) : NaN
const open =
  (of: (result: Extract<Result, { kind: 'open' }>) => number) =>
  (result: Result): number =>
    result.kind === 'open' ? of(result) : NaN
const fan =
  (of: (result: Extract<Result, { kind: 'fan' }>) => number) =>
  (result: Result): number =>
    result.kind === 'fan' ? of(result) : NaN

const cpu = ({ server, database }: { server: number; database: number }): number => server + database

export const FIGURES: Figure[] = [
  {
    name: 'messages-per-second',
    title: 'messages a second',
    digits: 0,
    better: 'higher',
    of: load(({ echoed, usage }) => echoed / usage.seconds),
  },
  {
    name: 'messages-per-cpu-second',
    title: 'per CPU second',
    digits: 0,
    better: 'higher',
    of: load(({ echoed, usage }) => echoed / cpu(usage)),
  },
  { name: 'echo-p50', title: 'echo p50, ms', digits: 2, better: 'lower', of: load(({ echoMs }) => echoMs.p50) },
  { name: 'echo-p95', title: 'p95, ms', digits: 2, better: 'lower', of: load(({ echoMs }) => echoMs.p95) },
  { name: 'echo-p99', title: 'p99, ms', digits: 2, better: 'lower', of: load(({ echoMs }) => echoMs.p99) },
  {
    name: 'notification-p99',
    title: 'notification p99, ms',
    digits: 2,
    of: load(({ notificationMs }) => notificationMs.p99),
  },
  {
    name: 'cpu-per-thousand',
    title: 'CPU s per 1,000 messages',
    digits: 3,
    better: 'lower',
    of: load(({ echoed, usage }) => (cpu(usage) / echoed) * 1000),
  },
  { name: 'resident', title: 'server memory, MiB', digits: 0, of: load(({ residentKib }) => residentKib / 1024) },
  {
    name: 'connection-memory',
    title: 'memory a connection, KiB',
    digits: 1,
    better: 'lower',
    of: hold(({ connections, emptyKib, fullKib }) => (fullKib - emptyKib) / connections),
  },
  {
    name: 'heartbeats',
    title: 'heartbeats, % of a core',
    digits: 1,
    better: 'lower',
    of: hold(({ usage }) => (cpu(usage) / usage.seconds) * 100),
  },
  {
    name: 'empty-memory',
    title: 'server before the first, MiB',
    digits: 0,
    better: 'lower',
    of: hold(({ emptyKib }) => emptyKib / 1024),
  },
  {
    name: 'first-openings-per-second',
    title: 'first openings a second',
    digits: 0,
    better: 'higher',
    of: open(({ connections, first }) => connections / first.seconds),
  },
  {
    name: 'openings-per-second',
    title: 'returns a second',
    digits: 0,
    better: 'higher',
    of: open(({ connections, again }) => connections / again.seconds),
  },
  {
    name: 'openings-per-cpu-second',
    title: 'returns per CPU second',
    digits: 0,
    better: 'higher',
    of: open(({ connections, again }) => connections / cpu(again)),
  },
  {
    name: 'cpu-per-delivery',
    title: 'CPU a delivery, µs',
    digits: 1,
    better: 'lower',
    of: fan(({ delivered, usage }) => (usage.server / delivered) * 1e6),
  },
  {
    name: 'driver-busy',
    title: 'driver, cores',
    digits: 2,
    of: (result) =>
      (result.kind === 'open' ? result.again : result.usage).driver /
      (result.kind === 'open' ? result.again : result.usage).seconds,
  },
]

export function figureNamed(name: string): Figure {
  const found = FIGURES.find((figure) => figure.name === name)
  if (!found) throw new Error(`There is no figure ${name}`)
  return found
}

/** NaN where no run has the figure */
export function medianOf(figure: Figure, records: RunRecord[]): number {
  const values = records.flatMap(({ result }) => (result ? [figure.of(result)] : [])).sort((a, b) => a - b)
  const middle = values.length >> 1
  const upper = values[middle] ?? NaN
  return values.length % 2 === 1 ? upper : ((values[middle - 1] ?? NaN) + upper) / 2
}
