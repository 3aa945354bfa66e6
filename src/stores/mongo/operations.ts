import type { StoreOperations } from '../../server/ports/store/operations.ts'
import { newEpoch } from '../sql/migrations/epoch.ts'
import { changeChat } from './chat-writer.ts'
import type { MongoDatabase } from './database.ts'

type Operations = Pick<StoreOperations, 'epoch' | 'ping' | 'renewEpoch'>

const OPEN: ReadonlySet<string> = new Set(['pending', 'claimed', 'sending'])

export async function operations(db: MongoDatabase): Promise<Operations> {
  const meta = db.collection('meta')
  const stored = async (): Promise<string> => {
    const epoch = await meta.findOne({ _id: 'epoch' })
    if (!epoch) throw new Error('The database has no epoch')
    return epoch.value
  }

  /** They may have been sent after the state that was restored: a lost mail is better than a second one */
  async function skipMails(): Promise<void> {
    const waiting = { $or: [{ reply_due_at: { $ne: null } }, { waiting_due_at: { $ne: null } }] }
    const at = new Date().toISOString()
    for await (const { _id } of db.collection('chats').find(waiting).project<{ _id: string }>({ _id: 1 })) {
      await changeChat(db, _id, (chat) => {
        for (const mail of [...chat.mails.reply, ...chat.mails.waiting]) {
          if (!OPEN.has(mail.state)) continue
          Object.assign(mail, { state: 'skipped', reason: 'restored', updated_at: at, up_to_seq: chat.last_seq })
        }
        return { changed: true, result: undefined }
      })
    }
  }

  return {
    epoch: await stored(),
    async ping() {
      const hello = (await db.command({ hello: 1 })) as { localTime?: Date }
      return { epoch: await stored(), time: (hello.localTime ?? new Date()).toISOString() }
    },
    async renewEpoch() {
      // Last of all, so that whoever repeats it after a failure does the rest too
      await skipMails()
      // What was ended or used up after that state would be good again
      await db.collection('staff_sessions').deleteMany({})
      await db.collection('staff_links').deleteMany({})
      await db.collection('push_subscriptions').deleteMany({})
      const value = newEpoch()
      await meta.updateOne({ _id: 'epoch' }, { $set: { value } })
      return value
    },
  }
}
