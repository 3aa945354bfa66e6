// BUS_URL: opens the bus that it names.
import { natsBus } from '../buses/nats.ts'
import { postgresBus } from '../buses/postgres.ts'
import { redisBus } from '../buses/redis.ts'
import type { Bus } from '../server/ports/bus.ts'
import { SettingsError } from './settings.ts'

const BUSES: Record<string, (url: string, options: { channel: string }) => Bus> = {
  redis: redisBus,
  rediss: redisBus,
  nats: natsBus,
  tls: natsBus,
  postgres: postgresBus,
  postgresql: postgresBus,
}

/**
 * Mistakes that waiting does not cure: wrong credentials, missing rights, no such database, no TLS or a bad certificate, a server
 * that accepts hints and does not deliver them, or a driver that is not installed. Anything else means that the bus is away (refused,
 * an unknown name, closed by a proxy), and a node that restarts meanwhile must not be down as well.
 */
const MISTAKE =
  /NOAUTH|WRONGPASS|NOPERM|authori[sz]ation|authenticat|password|permission|pg_hba|SASL|does not exist|\b(TLS|SSL)\b|certificate|RESP|Invalid pathname|does not deliver|do not deliver|is not installed/i

/**
 * Checks that the bus can be used, without listening yet.
 *
 * @param epoch of the database: installations that share a Redis or NATS do not hear each other
 * @param options `evenAway`: a bus that is away is accepted too; the node listens once it is back
 * @throws SettingsError
 */
export async function openBus(url: string, epoch: string, { evenAway = false } = {}): Promise<Bus> {
  const make = BUSES[url.split(':', 1)[0] ?? '']
  if (!make) throw new SettingsError(`BUS_URL is not valid: it must begin with one of ${Object.keys(BUSES).join(', ')}`)
  const open = (): Bus => make(url, { channel: `deskbell.${epoch}` })
  const trial = open()
  try {
    await trial.listen(ignore, ignore)
  } catch (error) {
    const { message } = error as Error
    if (!evenAway || MISTAKE.test(message))
      throw new SettingsError(`${message}. Set BUS_URL to another bus, or to off for a single node`)
  } finally {
    await trial.close()
  }
  return open()
}

const ignore = (): void => undefined
