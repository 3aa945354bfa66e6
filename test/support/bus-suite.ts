import { describe } from 'vitest'
import { CHANNEL } from '../../src/buses/address.ts'
import type { Bus } from '../../src/server/ports/bus.ts'
import { busConformance, busFaultsConformance, type BusServer } from '../../src/testing/bus-conformance.ts'
import type { BusKind, MortalServer } from './buses.ts'

type Make = (url: string, options: { channel?: string }) => Bus

/** The conformance of one of our buses; skipped where it has no server */
export function busSuite(kind: BusKind, server: MortalServer | undefined, make: Make): void {
  describe.skipIf(!server)(kind, () => {
    if (server) busConformance(kind, serving(server, make))
  })
}

/** How one of our buses outlives its server; skipped where it has none */
export function busFaultsSuite(kind: BusKind, server: MortalServer | undefined, make: Make): void {
  const module = new URL(`../../src/buses/${kind}.ts`, import.meta.url)
  describe.skipIf(!server)(kind, () => {
    if (server) busFaultsConformance(kind, serving(server, make), { factory: { module, name: `${kind}Bus` } })
  })
}

const serving = (server: MortalServer, make: Make) => async (): Promise<BusServer> => ({
  ...server,
  bus: ({ url = server.url.href, channel = CHANNEL }) => make(url, { channel }),
})
