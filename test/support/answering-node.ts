// A node whose assistant answers, as a process of its own that can be killed: the database is `FILE`. It says when it is ready.
import { createDeskbell, sqliteStore } from '../../src/entries/node.ts'
import { SECRET } from './desk.ts'

const store = await sqliteStore(process.env['FILE'] ?? '')
createDeskbell({
  store,
  secret: SECRET,
  publicUrl: 'http://desk.example',
  mailer: { send: async () => undefined },
  assistant: {
    answersPerHour: 50,
    async answer({ messages }) {
      await new Promise((resolve) => setTimeout(resolve, 2_000 * Math.random()))
      return `To ${messages.at(-1)?.seq}`
    },
  },
})
process.send?.('ready')
// Its timers keep no process alive
setInterval(() => undefined, 60_000)
