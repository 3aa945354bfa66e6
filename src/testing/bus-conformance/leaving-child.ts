// A process with only a bus, which it closes on request.
import type { Bus } from '../../server/ports/bus.ts'

const [module = '', name = '', url = ''] = process.argv.slice(2)
const make = ((await import(module)) as Record<string, (url: string) => Bus>)[name]
if (!make) throw new Error(`${module} exports no ${name}`)

const bus = make(url)
const chatter = setInterval(() => bus.publish('something'), 50)
process.once('message', async () => {
  clearInterval(chatter)
  await bus.close()
  process.disconnect()
})
const ignore = (): void => undefined
bus.listen(ignore, ignore).then(() => process.send?.('listens'), ignore)
