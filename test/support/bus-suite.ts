import { describe } from 'vitest'
import type { Bus } from '../../src/server/ports/bus.ts'
import { busConformance } from '../../src/testing/bus-conformance.ts'
import type { MortalServer } from './buses.ts'

/** The conformance of a bus, on a server that there may not be */
export function busSuite(
  name: string,
  server: MortalServer | undefined,
  make: (url: string, options: { channel?: string }) => Bus,
): void {
  describe.skipIf(!server)(name, () => {
    if (!server) return
    busConformance(name, async () => ({
      ...server,
      bus: ({ url = server.url.href, channel = 'deskbell' }) => make(url, { channel }),
    }))
  })
}
