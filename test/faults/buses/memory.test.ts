import { busFaultsConformance } from '../../../src/testing/bus-conformance.ts'
import { MemoryExchange } from '../../../src/buses/memory.ts'

busFaultsConformance('memory', async () => {
  const exchange = new MemoryExchange()
  return {
    url: undefined,
    bus: ({ channel }) => exchange.bus(channel),
    kill: async () => exchange.away(true),
    start: async () => exchange.away(false),
    remove: async () => undefined,
  }
})
