import { CHAT_HEADER } from '../../server/ports/mailer.ts'
import type { MailStore, StoredMail } from '../../server/ports/store/mails.ts'
import type { MongoDatabase } from './database.ts'

export function mails(db: MongoDatabase): MailStore {
  const collection = db.collection('mails')
  return {
    async saveMail(mail) {
      const { id: _id, to, headers, created_at } = mail
      const chat_id = headers[CHAT_HEADER] ?? null
      await collection.insertOne({ _id, mail: JSON.stringify(mail), address: to.address, chat_id, created_at })
    },
    listMails: async (limit) =>
      (await collection.find().sort({ _id: -1 }).limit(limit).toArray()).map(
        ({ mail }) => JSON.parse(mail) as StoredMail,
      ),
  }
}
