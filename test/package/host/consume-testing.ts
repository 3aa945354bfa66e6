// The suites of `deskbell/testing` as somebody calls them; it is compiled, not run.
import {
  busConformance,
  busFaultsConformance,
  FakeClock,
  searchConformance,
  storeConformance,
  type BusServer,
} from 'deskbell/testing'
import { MemoryServer } from './memory-bus.ts'
import { memoryStore } from './memory-store.ts'

const server = new MemoryServer()
const serve = async (): Promise<BusServer> => ({
  url: new URL('memory://localhost'),
  bus: ({ channel }) => server.bus(channel),
  kill: async () => server.goAway(),
  start: async () => server.comeBack(),
  remove: async () => undefined,
})

storeConformance('mine', memoryStore)
searchConformance('mine', memoryStore)
busConformance('mine', serve)
busFaultsConformance('mine', serve, { factory: { module: new URL('file:///bus.ts'), name: 'makeBus' } })
await new FakeClock().advance(1_000)
