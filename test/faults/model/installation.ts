// Nodes, their database and their bus, as a team would run them; between them lines that can fail.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FaultProxy } from '../../../src/testing/fault-proxy.ts'
import { busServer, type BusKind } from '../../support/buses.ts'
import { freshOn, type ServerEngine } from '../../support/mongodb.ts'
import { ServerProcess } from '../../support/server-process.ts'
import { sqliteTruth, TRUTHS, type Truth } from './truth.ts'

export interface Plan {
  engine: 'sqlite' | ServerEngine
  nodes: number
  /** Absent: what the settings choose by themselves */
  bus?: BusKind
}

export interface Installation {
  nodes: readonly ServerProcess[]
  truth: Truth
  /** The nodes' lines to the bus and to the database server, where there are such */
  links: { bus?: FaultProxy; database?: FaultProxy }
  stop(): Promise<void>
}

/** Undefined when this machine lacks a part of it */
export async function install(plan: Plan): Promise<Installation | undefined> {
  const ends: (() => unknown)[] = []
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    const parts = await build(plan, ends)
    if (parts) return { ...parts, stop }
  } catch (error) {
    await stop()
    throw error
  }
  await stop()
}

/** @param ends how to end what was begun, in the order in which it was */
async function build(
  { engine, nodes, bus }: Plan,
  ends: (() => unknown)[],
): Promise<Omit<Installation, 'stop'> | undefined> {
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-faults-'))
  ends.push(() => rmSync(dir, { recursive: true, force: true }))
  const links: Installation['links'] = {}
  const env: Record<string, string> = { DATA_DIR: dir, VISITORS: 'on' }

  const through = async (url: URL): Promise<[string, FaultProxy]> => {
    const proxy = await FaultProxy.start(Number(url.port))
    ends.push(() => proxy.close())
    const there = new URL(url)
    there.host = `127.0.0.1:${proxy.port}`
    return [there.href, proxy]
  }

  if (bus !== undefined) {
    const server = await busServer(bus)
    if (!server) return undefined
    ends.push(() => server.remove())
    ;[env['BUS_URL'], links.bus] = await through(server.url)
  }
  const file = join(dir, 'chat.db')
  let url = ''
  if (engine === 'sqlite') env['DATABASE_URL'] = `sqlite:${file}`
  else {
    const database = await freshOn(engine)
    if (!database) return undefined
    ends.push(() => database.drop())
    ;[env['DATABASE_URL'], links.database] = await through(new URL(database.url))
    url = database.url
  }
  const servers: ServerProcess[] = []
  ends.push(() => Promise.all(servers.map((server) => server.stop())))
  // One after the other: all at once they would keep each other waiting
  while (servers.length < nodes) servers.push(await ServerProcess.start(env))
  const truth = engine === 'sqlite' ? sqliteTruth(file) : await TRUTHS[engine](url)
  ends.push(() => truth.close())
  return { nodes: servers, truth, links }
}
