import { createLog } from '../standalone/log.ts'
import type { Running } from '../standalone/serve.ts'
import type { Command } from './command.ts'
import { summary } from './summary.ts'

export const serveCommand: Command = async (settings) => {
  let running: Running | undefined
  let stopping = false
  const stop = async (code: number): Promise<never> => {
    stopping = true
    await running?.stop()
    process.exit(code)
  }
  // Before anything takes time: the first process of a container is not even told of a signal that it does not wait for
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // The second Ctrl-C of an impatient person ends it at once
      if (stopping) process.exit(1)
      void stop(0)
    })
  }
  const read = settings()
  const log = createLog({ level: read.logLevel, readable: !read.production })
  const { serve } = await import('../standalone/serve.ts')
  running = await serve(read, log)
  // In production the log says it, in one line of JSON
  if (!read.production) console.log(summary(running, read))
  // Whoever supervises it starts it again, on what the database holds now
  const reason = await running.mustStop
  log.fatal(reason)
  await stop(1)
}
