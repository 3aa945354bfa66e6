// What may happen to people, networks and servers, and how each of it is brought about.
import fc from 'fast-check'
import { realPause } from '../../../src/testing/fast-time.ts'
import { STAFF, type Device } from './device.ts'
import type { World } from './world.ts'

type DeviceStep =
  | {
      kind:
        'send' | 'read' | 'type' | 'cut' | 'blackhole' | 'light' | 'refuse' | 'close' | 'open' | 'archive' | 'restore'
    }
  | { kind: 'slow'; ms: number }
  | { kind: 'double' | 'overtake'; chance: number }
  | { kind: 'no_upgrades'; how: 'refuse' | 'hang' }
  | { kind: 'half'; way: 'up' | 'down' }

/** What a member of staff does, and what somebody does who is to become the person */
type StaffStep =
  { kind: 'note' | 'block' | 'unblock' | 'assign_at_once' } | { kind: 'assign'; to: (typeof STAFF)[number] | null }

export type Step =
  | (DeviceStep & { device: number })
  | (StaffStep & { staff: number })
  | { kind: 'visitor_says' | 'merge'; node: number }
  | { kind: 'kill'; node: number }
  | { kind: 'restart'; node: number }
  | { kind: 'pause'; node: number; ms: number }
  | { kind: 'wait'; ms: number }
  | { kind: 'bus_cut' | 'bus_blackhole' | 'bus_light' | 'database_cut' }

const device = fc.nat(4)
const staff = fc.nat(1)
const node = fc.nat(2)
const of = <Kind extends string>(...kinds: Kind[]): fc.Arbitrary<{ kind: Kind; device: number }> =>
  fc.record({ kind: fc.constantFrom(...kinds), device })

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: of('send') },
  { weight: 4, arbitrary: of('read') },
  { weight: 2, arbitrary: of('type') },
  { weight: 3, arbitrary: of('archive', 'restore') },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('note' as const), staff }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('block', 'unblock', 'assign_at_once'), staff }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('assign' as const), staff, to: fc.constantFrom(...STAFF, null) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('visitor_says', 'visitor_says', 'merge'), node }) },
  { weight: 6, arbitrary: of('cut', 'blackhole', 'light', 'refuse') },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('half' as const), device, way: fc.constantFrom('up', 'down') }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('slow' as const), device, ms: fc.nat(3_000) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('double', 'overtake'), device, chance: fc.constantFrom(0.3, 1) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('no_upgrades' as const), device, how: fc.constantFrom('refuse', 'hang') }),
  },
  { weight: 3, arbitrary: of('close', 'open') },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('kill', 'restart'), node }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const), node, ms: fc.nat(15_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('bus_cut', 'bus_blackhole', 'bus_light', 'database_cut') }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(4_000) }) },
) as fc.Arbitrary<Step>

/** Times are of the fast clock */
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export async function perform(step: Step, world: World, devices: readonly Device[]): Promise<void> {
  if (!isPossible(step, world)) return
  world.count(step.kind)
  if (step.kind === 'wait') return pause(step.ms)
  if (step.kind === 'pause') {
    world.node(step.node).pause()
    await pause(step.ms)
    return world.node(step.node).resume()
  }
  if (step.kind === 'kill' || step.kind === 'restart') {
    const server = world.node(step.node)
    await (step.kind === 'kill' ? server.kill() : server.stop())
    return server.start()
  }
  if (step.kind === 'visitor_says') return world.visitorSays(step.node)
  if (step.kind === 'merge') return world.merge(step.node)
  if ('staff' in step) return byStaff(step, world, devices)
  if (!('device' in step)) return onLinks(step.kind, world)
  const one = devices[step.device % devices.length]
  if (one) await onDevice(step, one, world)
  // Some steps follow at once, most after a moment in which frames travel
  await realPause(step.kind === 'send' ? 0 : 2)
}

const isPossible = ({ kind }: Step, { links }: World): boolean =>
  kind === 'database_cut' ? Boolean(links.database) : !kind.startsWith('bus') || Boolean(links.bus)

function onLinks(kind: 'bus_cut' | 'bus_blackhole' | 'bus_light' | 'database_cut', { links }: World): void {
  if (kind === 'database_cut') links.database?.cut()
  else if (kind === 'bus_cut') links.bus?.cut()
  else links.bus?.blackhole(kind === 'bus_blackhole')
}

/** By REST, as what the dashboard does with a button; nobody promises that it gets through */
async function byStaff(step: StaffStep & { staff: number }, world: World, devices: readonly Device[]): Promise<void> {
  const staff = devices.filter(({ role }) => role === 'admin')
  const one = staff[step.staff % staff.length]
  if (!one) return
  switch (step.kind) {
    case 'note':
      return one.note(world.noteText(one))
    case 'block':
    case 'unblock':
      return world.setBlocked(one, step.kind === 'block')
    case 'assign':
      return world.assign(one, step.to)
    case 'assign_at_once':
      await Promise.all(staff.map((member) => world.assign(member, member.name)))
  }
}

async function onDevice(step: DeviceStep, one: Device, world: World): Promise<void> {
  switch (step.kind) {
    case 'send':
      one.send(world.text(one))
      return
    case 'read':
      return one.conversation?.markRead()
    case 'type':
      return one.conversation?.setTyping(true)
    case 'cut':
      return one.line.cut()
    case 'blackhole':
      return one.line.blackhole(true)
    case 'half':
      return one.line.blackhole(true, step.way)
    case 'light':
      one.line.blackhole(false)
      return one.line.refuse(false)
    case 'refuse':
      return one.line.refuse(true)
    case 'slow':
      return one.line.delay(step.ms)
    case 'double':
    case 'overtake':
      return one.frames.set({ [step.kind]: step.chance })
    case 'no_upgrades':
      return one.frames.set({ upgrades: step.how })
    case 'close':
      return one.close()
    case 'open':
      return one.open()
    case 'archive':
    case 'restore':
      // Staff does it by REST, over its own line; nobody promises that it gets through
      if (one.role === 'admin') await world.setArchived(one, step.kind === 'archive')
  }
}
