// A node that sends pushes, as a process of its own that can be killed: the database is `FILE`, and the push service has the certificate `CERT`.
// It says when it is ready, stores the messages that it is given, and says of each that it is stored.
import { guardedPush } from '../../src/adapters/guarded-post.ts'
import { createDeskbell, sqliteStore } from '../../src/entries/node.ts'
import { SECRET } from './desk.ts'
import { agentTo } from './push-service.ts'

export interface GivenMessage {
  user: string
  content: string
}

const store = await sqliteStore(process.env['FILE'] ?? '')
const deskbell = createDeskbell({
  store,
  secret: SECRET,
  publicUrl: 'https://desk.example',
  mailer: { send: async () => undefined },
  postPush: guardedPush(agentTo(process.env['CERT'] ?? '')),
})
process.on('message', ({ user, content }: GivenMessage) => {
  void deskbell.chats.send({ userId: user, as: 'user', content }).then(() => process.send?.(content))
})
process.send?.('ready')
// Its timers keep no process alive
setInterval(() => undefined, 60_000)
