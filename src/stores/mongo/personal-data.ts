import type { ErasedOnly, Erasure, PersonalDataStore, PersonalMail } from '../../server/ports/store/personal-data.ts'
import { isoTime, systemClock } from '../../server/ports/clock.ts'
import { ERASED_AT_ONCE, isKept, ownsAddress } from '../rules/erasure.ts'
import { ratingFrom } from '../rules/rating.ts'
import { dropFiles } from './attachments.ts'
import { setDerived } from './chat-document.ts'
import type { MongoDatabase } from './database.ts'
import type { ChatDoc, MailDoc, UserDoc } from './documents.ts'
import { deliveries } from './deliveries.ts'
import { doEffects } from './effects.ts'
import { isDuplicate } from './errors.ts'
import { forgetHistory } from './gone-chat.ts'
import { finishMerge } from './merging.ts'
import { personOf } from './people.ts'

const MAILED: Partial<Record<MailDoc['state'], PersonalMail['state']>> = {
  sending: 'uncertain',
  uncertain: 'uncertain',
  sent: 'sent',
}

export function personalData(db: MongoDatabase): PersonalDataStore {
  const known = deliveries(db)
  const users = db.collection('users')
  const chats = db.collection('chats')

  async function mailsOf(chat: ChatDoc): Promise<PersonalMail[]> {
    const ids = new Set(chat.mails.reply.map(({ id }) => id))
    const moved = await db.collection('notifications').find({ chat_id: chat._id, kind: 'reply' }).toArray()
    return [...moved.filter(({ id }) => !ids.has(id)), ...chat.mails.reply]
      .toSorted((a, b) => (a.updated_at + a.id < b.updated_at + b.id ? -1 : 1))
      .flatMap(({ state, updated_at: at, address, after_seq, up_to_seq, delivery }) => {
        const mailed = MAILED[state]
        return mailed ? [{ state: mailed, at, address: address ?? '', after_seq, up_to_seq, delivery }] : []
      })
  }

  /** The oldest messages, and activity, outside of the document. @returns how many messages; undefined: there is nothing more */
  async function eraseOldest({ _id: chat_id }: ChatDoc): Promise<number | undefined> {
    const counts: number[] = []
    for (const name of ['messages', 'activities'] as const) {
      const oldest = db.collection(name).find({ chat_id }).sort({ seq: 1 }).limit(ERASED_AT_ONCE)
      const ids = (await oldest.project<{ _id: string }>({ _id: 1 }).toArray()).map(({ _id }) => _id)
      if (ids.length > 0) await db.collection(name).deleteMany({ _id: { $in: ids } })
      counts.push(ids.length)
    }
    const [messages = 0, activities = 0] = counts
    return messages + activities === 0 ? undefined : messages
  }

  async function addressesOf(chat: ChatDoc, email: string | undefined): Promise<string[]> {
    const moved = await db.collection('notifications').find({ chat_id: chat._id, kind: 'reply' }).toArray()
    return [email, ...[...moved, ...chat.mails.reply].map(({ address }) => address)].flatMap((one) => one || [])
  }

  /** @returns false: the chat has changed, and it is to be looked at again */
  async function eraseChat(chat: ChatDoc): Promise<boolean> {
    const { _id: chat_id, user_id } = chat
    const email = (await users.findOne({ _id: user_id }))?.email
    const addresses = await addressesOf(chat, email)
    const at = isoTime(systemClock.now())
    await db.collection('erasures').updateOne({ _id: chat_id }, { $set: { user_id, at } }, { upsert: true })
    if ((await chats.deleteOne({ _id: chat_id, version: chat.version })).deletedCount === 0) return false
    await forgetHistory(db, chat_id)
    await dropFiles(db, { chat_id })
    // The `mailbox:` mailer keeps a few mails, while something is tried out: to the person, and to staff about them
    const own = ownsAddress(user_id) ? addresses : []
    await db.collection('mails').deleteMany({ $or: [{ address: { $in: own } }, { chat_id }] })
    // A visitor whose chat became this person's may have typed the other addresses, and what stops mails there is their owner's
    if (!ownsAddress(user_id))
      await db.collection('typed_addresses').deleteMany({ _id: { $in: addresses }, unsubscribed_at: null })
    else if (email !== undefined) await db.collection('mail_blocks').deleteMany({ _id: email })
    await users.deleteOne({ _id: user_id })
    await db.collection('erasures').updateOne({ _id: chat_id }, { $set: { user_id: null } })
    return true
  }

  async function eraseWithChat(chatId: string, only: ErasedOnly | undefined): Promise<Erasure | undefined> {
    for (let messages = 0; ;) {
      db.checkOpen()
      const chat = await chats.findOne({ _id: chatId })
      // Somebody else erases it too
      if (!chat) return messages > 0 ? { chat_id: chatId, messages } : undefined
      if (chat.merging) return undefined
      if (isKept(only, chat)) return undefined
      if (chat.effects_at !== null) {
        await doEffects(db, chat)
        continue
      }
      // First, so that none of them is sent, or found, while the messages go
      for (const name of ['webhooks', 'search'] as const) await db.collection(name).deleteMany({ chat_id: chatId })
      const older = await eraseOldest(chat)
      if (older !== undefined) {
        messages += older
        continue
      }
      if (chat.messages.length > 0) {
        if (await emptied(chat)) messages += chat.messages.length
        continue
      }
      if (await eraseChat(chat)) return { chat_id: chatId, messages }
    }
  }

  async function emptied(chat: ChatDoc): Promise<boolean> {
    const empty = structuredClone(chat)
    empty.messages = []
    empty.version++
    setDerived(empty)
    return db.replace(chats, chat, empty)
  }

  async function restore(user: UserDoc): Promise<void> {
    try {
      await users.insertOne(user)
    } catch (error) {
      // They were saved again meanwhile
      if (!isDuplicate(error)) throw error
    }
  }

  async function erase(userId: string, only?: ErasedOnly): Promise<Erasure | undefined> {
    const own = await chats.findOne({ user_id: userId })
    if (own?.merging) {
      await finishMerge(db, own.merging.theirs)
      return erase(userId, only)
    }
    if (own) return eraseWithChat(own._id, only)
    if (isKept(only, undefined)) return undefined
    const user = await users.findOneAndDelete({ _id: userId })
    if (!user) return undefined
    const opened = await chats.findOne({ user_id: userId })
    if (!opened) return { chat_id: null, messages: 0 }
    // The chat was opened just now, and goes by the rules of one that was there
    await restore(user)
    return erase(userId, only)
  }

  return {
    async personalData(userId) {
      const user = await users.findOne({ _id: userId })
      if (!user) return undefined
      const chat = await chats.findOne({ user_id: userId })
      return {
        user: { ...personOf(user), unsubscribed_at: user.unsubscribed_at },
        chat: chat && {
          id: chat._id,
          created_at: chat.created_at,
          message_count: chat.last_seq,
          user_read_seq: chat.user_read_seq,
          user_read_at: chat.user_read_at,
          admin_viewed_seq: chat.admin_viewed_seq,
          admin_viewed_at: chat.admin_viewed_at,
          rating: ratingFrom(chat),
          blocked_at: chat.blocked_at,
        },
        mail_block: await known.mailBlock(user.email),
        mails: chat ? await mailsOf(chat) : [],
      }
    },
    erasePerson: erase,
  }
}
