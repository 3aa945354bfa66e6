// A process with a bus and nothing else, which closes it when told to.
import { natsBus } from '../../buses/nats.ts'
import { postgresBus } from '../../buses/postgres.ts'
import { redisBus } from '../../buses/redis.ts'

const url = process.env['BUS_URL'] ?? ''
const make = { 'redis:': redisBus, 'nats:': natsBus, 'postgres:': postgresBus }[new URL(url).protocol]
if (!make) throw new Error(`No bus for ${url}`)

const bus = make(url)
const chatter = setInterval(() => bus.publish('something'), 50)
process.once('message', async () => {
  clearInterval(chatter)
  await bus.close()
  process.disconnect()
})
const ignore = (): void => undefined
bus.listen(ignore, ignore).then(() => process.send?.('listens'), ignore)
