import { randomUUID } from 'node:crypto'
import { openBus } from '../../standalone/bus.ts'
import { SettingsError, type Settings } from '../../standalone/settings.ts'
import { withoutPassword } from '../../standalone/told-settings.ts'
import { within } from '../../standalone/within.ts'
import { note, ok, reasonOf, wrong, type Finding } from './finding.ts'

/** How long a hint may take (ms) */
const PATIENCE = 3_000

/** @param epoch of the database, which is part of the channel's name; undefined: it is not known */
export async function checkBus({ busUrl }: Settings, epoch: string | undefined): Promise<Finding> {
  if (busUrl === null) return ok('bus', 'None, for a single node; several nodes need BUS_URL')
  const name = withoutPassword(busUrl)
  if (epoch === undefined) return note('bus', `${name} was not looked at: its channel is named after the database`)
  try {
    const [here, there] = [await openBus(busUrl, epoch), await openBus(busUrl, epoch)]
    // A message as nodes send them, without a hint
    const greeting = `{"node":"doctor-${randomUUID()}","hints":[]}`
    const { promise: heard, resolve } = Promise.withResolvers<void>()
    try {
      await there.listen((text) => text === greeting && resolve(), ignore)
      await here.listen(ignore, ignore)
      const sent = performance.now()
      here.publish(greeting)
      await within(PATIENCE, heard)
      return ok('bus', `${name} carried a hint in ${Math.round(performance.now() - sent)} ms`)
    } finally {
      await Promise.all([here.close(), there.close()])
    }
  } catch (error) {
    // Opening it says itself which bus that is, and what to do
    if (error instanceof SettingsError) return wrong('bus', reasonOf(error))
    return wrong('bus', `${name}: ${reasonOf(error)}. Check BUS_URL, and that it runs`)
  }
}

const ignore = (): void => undefined
