// What every Bus must do, against real servers. Everything that is said here about time is said of a busy machine.
import { closingConformance } from './bus-conformance/closing.ts'
import { faultsConformance } from './bus-conformance/faults.ts'
import { busKit, type BusServer } from './bus-conformance/kit.ts'
import { hintsConformance } from './bus-conformance/hints.ts'
import { silenceConformance } from './bus-conformance/silence.ts'

export type { BusServer }

/** @param serve starts a server, or hands over one, that is the suite's own: it is killed */
export function busConformance(name: string, serve: () => Promise<BusServer>): void {
  const kit = busKit(serve)
  hintsConformance(name, kit)
  faultsConformance(name, kit)
  silenceConformance(name, kit)
  closingConformance(name, kit)
}
