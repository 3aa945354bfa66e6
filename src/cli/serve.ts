import { createLog } from '../standalone/log.ts'
import type { Running } from '../standalone/serve.ts'
import { SettingsError } from '../standalone/settings.ts'
import { giveBackAfterStart, limitYoungGeneration } from '../standalone/young-generation.ts'
import type { Command } from './command.ts'
import { summary } from './summary.ts'

export const serveCommand: Command = async (settings, args) => {
  // `--port 80` must not start it elsewhere
  if (args.length > 0)
    throw new SettingsError(`serve takes no ${args[0]}: its settings come from the environment, such as PORT=8080`)
  let running: Running | undefined
  let stopping = false
  const stop = async (code: number): Promise<never> => {
    stopping = true
    await running?.stop()
    process.exit(code)
  }
  // Before anything else: the kernel does not deliver SIGTERM to a container's first process unless it has a handler
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second Ctrl-C ends the process at once
      if (stopping) process.exit(1)
      void stop(0)
    })
  }
  limitYoungGeneration()
  const read = settings()
  const log = createLog({ level: read.logLevel, readable: !read.production })
  const { serve } = await import('../standalone/serve.ts')
  running = await serve(read, log)
  giveBackAfterStart()
  // In production the log has it, in one line of JSON
  if (!read.production) console.log(summary(running, read))
  // The supervisor starts it again, with what the database holds now
  const reason = await running.mustStop
  log.fatal(reason)
  await stop(1)
}
