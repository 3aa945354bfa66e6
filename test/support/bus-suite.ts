import { describe } from 'vitest'
import { CHANNEL } from '../../src/buses/address.ts'
import type { Bus } from '../../src/server/ports/bus.ts'
import { busConformance } from '../../src/testing/bus-conformance.ts'
import type { BusKind, MortalServer } from './buses.ts'

/** The conformance of one of our buses, on a server that there may not be */
export function busSuite(
  kind: BusKind,
  server: MortalServer | undefined,
  make: (url: string, options: { channel?: string }) => Bus,
): void {
  describe.skipIf(!server)(kind, () => {
    if (!server) return
    const serve = async () => ({
      ...server,
      bus: ({ url = server.url.href, channel = CHANNEL }) => make(url, { channel }),
    })
    const module = new URL(`../../src/buses/${kind}.ts`, import.meta.url)
    busConformance(kind, serve, { factory: { module, name: `${kind}Bus` } })
  })
}
