import { closingConformance } from './bus-conformance/closing.ts'
import { faultsConformance } from './bus-conformance/faults.ts'
import { hintsConformance } from './bus-conformance/hints.ts'
import { busKit, type BusFactory, type BusServer } from './bus-conformance/kit.ts'
import { leavingConformance } from './bus-conformance/leaving.ts'
import { silenceConformance } from './bus-conformance/silence.ts'

export type { BusChoice, BusFactory, BusServer } from './bus-conformance/kit.ts'

/**
 * What every bus must do, against a real server. Every time limit in it allows for a busy machine; the whole takes two minutes.
 *
 * @param serve starts a server, or hands one over, that belongs to the suite: it is killed and started again
 * @param factory for a bus that reaches its server over TCP: the way to it is then broken too, and a process with nothing but this
 * bus must end when the bus is closed. Without it these tests are left out.
 * @example
 * busConformance('redis', startRedis, { factory: { module: new URL('./redis-bus.ts', import.meta.url), name: 'redisBus' } })
 */
export function busConformance(
  name: string,
  serve: () => Promise<BusServer>,
  { factory }: { factory?: BusFactory } = {},
): void {
  const kit = busKit(serve)
  hintsConformance(name, kit)
  faultsConformance(name, kit, factory !== undefined)
  closingConformance(name, kit)
  if (!factory) return
  silenceConformance(name, kit)
  leavingConformance(name, kit, factory)
}
