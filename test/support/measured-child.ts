// The other half of measured-server.ts: serves, and says how much it keeps when asked.
import { setTimeout as pause } from 'node:timers/promises'
import { serve } from '../../src/standalone/serve.ts'
import { readSettings } from '../../src/standalone/settings.ts'

const running = await serve(readSettings(process.env))
process.send?.({ url: running.url.replace('localhost', '127.0.0.1') })
process.on('message', (question) => {
  if (question === 'stop') void running.stop().then(() => process.exit(0))
  else void weigh().then((bytes) => process.send?.({ bytes }))
})
// Nobody is left to ask
process.on('disconnect', () => process.exit(1))

/** Bytes that are still held once everything that is not has been collected */
async function weigh(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    global.gc?.()
    await pause(20)
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
