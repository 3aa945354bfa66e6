import { busConformance, busFaultsConformance, type BusServer } from 'deskbell/testing'
import { MemoryServer } from './memory-bus.ts'

async function serve(): Promise<BusServer> {
  const server = new MemoryServer()
  return {
    url: undefined,
    bus: ({ channel }) => server.bus(channel),
    kill: async () => server.goAway(),
    start: async () => server.comeBack(),
    remove: async () => undefined,
  }
}

busConformance('memory', serve)
busFaultsConformance('memory', serve)
