import { randomUUID } from 'node:crypto'
import { encodeHints } from '../../protocol/encode.ts'
import { openBus } from '../../standalone/bus.ts'
import { SettingsError, type Settings } from '../../standalone/settings.ts'
import { withoutPassword } from '../../standalone/loggable-settings.ts'
import { within } from '../../standalone/within.ts'
import { note, ok, reasonOf, wrong, type Finding } from './finding.ts'

/** How long a hint may take (ms) */
const PATIENCE = 3_000

/** @param epoch of the database, which is part of the channel's name; undefined: not known */
export async function checkBus({ busUrl }: Settings, epoch: string | undefined): Promise<Finding> {
  if (busUrl === null) return ok('bus', 'None, for a single node; several nodes need BUS_URL')
  const name = withoutPassword(busUrl)
  if (epoch === undefined) return note('bus', `${name} was not checked: its channel is named after the database`)
  try {
    const [here, there] = [await openBus(busUrl, epoch), await openBus(busUrl, epoch)]
    // The envelope that nodes send, with no hint in it
    const greeting = encodeHints(`doctor-${randomUUID()}`, [])
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
    // The error of opening already names the bus and the cure
    if (error instanceof SettingsError) return wrong('bus', reasonOf(error))
    return wrong('bus', `${name}: ${reasonOf(error)}. Check BUS_URL, and that the server runs`)
  }
}

const ignore = (): void => undefined
