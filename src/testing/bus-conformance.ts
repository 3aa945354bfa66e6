import { closingConformance } from './bus-conformance/closing.ts'
import { faultsConformance } from './bus-conformance/faults.ts'
import { hintsConformance } from './bus-conformance/hints.ts'
import { busKit, type BusFactory, type BusServer } from './bus-conformance/kit.ts'
import { leavingConformance } from './bus-conformance/leaving.ts'
import { silenceConformance } from './bus-conformance/silence.ts'

export type { BusChoice, BusFactory, BusServer } from './bus-conformance/kit.ts'

/**
 * What every bus must do, against a real server. What takes real seconds is in `busFaultsConformance`.
 *
 * @param serve starts a server, or hands one over, that belongs to the suite
 * @example busConformance('redis', startRedis)
 */
export function busConformance(name: string, serve: () => Promise<BusServer>): void {
  const kit = busKit(serve)
  hintsConformance(name, kit)
  closingConformance(name, kit)
}

/**
 * How a bus outlives a server that dies or is silent. It takes two minutes.
 *
 * @param serve starts a server, or hands one over, that belongs to the suite: it is killed and started again
 * @param factory for a bus that reaches its server over TCP: the way to it is then broken too, and a process with nothing but this
 * bus must end when the bus is closed. Without it these tests are left out.
 * @example
 * const module = new URL('./redis-bus.ts', import.meta.url)
 * busFaultsConformance('redis', startRedis, { factory: { module, name: 'redisBus' } })
 */
export function busFaultsConformance(
  name: string,
  serve: () => Promise<BusServer>,
  { factory }: { factory?: BusFactory | undefined } = {},
): void {
  const kit = busKit(serve)
  faultsConformance(name, kit, factory !== undefined)
  if (!factory) return
  silenceConformance(name, kit)
  leavingConformance(name, kit, factory)
}
