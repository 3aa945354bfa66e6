// A process that owns a server, which is none: it only has to run.
import { runServer, temporaryFolder } from './process.ts'

await runServer({
  command: process.execPath,
  args: ['-e', 'setInterval(() => undefined, 1000)'],
  dir: temporaryFolder('owned', undefined),
  user: undefined,
  url: '',
  stopSignal: 'SIGTERM',
  ping: async () => undefined,
})
console.log('runs')
