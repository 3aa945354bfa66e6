import type { MailBlock } from '../../protocol/types.ts'
import type { DeliveryStore } from '../../server/ports/store/deliveries.ts'
import { placeMail } from '../rules/activity.ts'
import { mailNews } from '../rules/mail-activity.ts'
import { blockOf, decideMailEvent, isNewBlock } from '../rules/mail-event.ts'
import { addActivity } from './chat-document.ts'
import { changeChat } from './chat-writer.ts'
import type { MongoDatabase } from './database.ts'
import { chatOfMail, mailIn } from './mail-rows.ts'

export function deliveries(db: MongoDatabase): DeliveryStore {
  const block = (address: string, stop: MailBlock): Promise<boolean> =>
    db.change('mail_blocks', address, (known) =>
      isNewBlock(stop, known)
        ? { doc: { _id: address, ...stop, unblocked_at: null }, result: true }
        : { result: false },
    )

  return {
    async recordMailEvent(event, at) {
      const chatId = await chatOfMail(db, 'reply', event.reference)
      if (chatId === undefined) return undefined
      return changeChat(db, chatId, async (chat) => {
        const mail = await mailIn(db, chat, 'reply', event.reference)
        const fields = mail && decideMailEvent(mail, event, at)
        if (!mail || !fields) return { changed: false, result: undefined }
        const stop = blockOf(fields)
        // Before the event is stored, after which a repeat of it changes nothing
        if (mail.address !== null && stop) await block(mail.address, stop)
        const what = mailNews(mail, fields)
        Object.assign(mail, fields, { reason: fields.state === mail.state ? mail.reason : null })
        const activity = what ? placeMail(chat, what, at) : null
        if (activity) addActivity(chat, activity)
        return { changed: true, result: { chat_id: chat._id, activity } }
      })
    },
    blockMail: (address, { at: told, ...stop }, at) => block(address, { ...stop, at: told < at ? told : at }),
    async mailBlock(address) {
      const known = await db.collection('mail_blocks').findOne({ _id: address, unblocked_at: null })
      return known && { kind: known.kind, at: known.at, reason: known.reason }
    },
    unblockMail: (address, at) =>
      db.change('mail_blocks', address, (known) =>
        known?.unblocked_at === null ? { doc: { ...known, unblocked_at: at }, result: true } : { result: false },
      ),
  }
}
