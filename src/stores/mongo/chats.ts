import type { ChatRecord, ChatStore } from '../../server/ports/store/chats.ts'
import { changesAssignee } from '../rules/assignee.ts'
import { placeArchived, placeAssigned, placeBlocked } from '../rules/activity.ts'
import { countsOfArchive } from '../rules/numbers.ts'
import { archiving } from '../rules/webhook.ts'
import { addActivity, addCounts, newChat, WITHOUT_LISTS, type ChatHead } from './chat-document.ts'
import { chatList } from './chat-list.ts'
import { changeChat } from './chat-writer.ts'
import type { MongoDatabase } from './database.ts'
import type { UserDoc } from './documents.ts'
import { episodeOf } from './episode.ts'
import { isDuplicate } from './errors.ts'
import { finishMerge } from './merging.ts'
import { addWebhooks } from './outbox.ts'

const recordOf = (chat: ChatHead, user: UserDoc | undefined): ChatRecord => ({
  id: chat._id,
  user_id: chat.user_id,
  user_email: user?.email ?? '',
  user_name: user?.name ?? null,
  last_seq: chat.last_seq,
  last_activity_seq: chat.last_activity_seq,
  archived_at: chat.archived_at,
  assignee_id: chat.assignee_id,
  assignee_name: chat.assignee_name,
  blocked_at: chat.blocked_at,
  assistant_off_at: chat.assistant_off_at,
  user_read_seq: chat.user_read_seq,
  user_read_at: chat.user_read_at,
  admin_viewed_seq: chat.admin_viewed_seq,
  admin_viewed_at: chat.admin_viewed_at,
})

export function chats(db: MongoDatabase): ChatStore {
  const collection = db.collection('chats')
  const users = db.collection('users')

  async function records(filter: { user_id: string } | { _id: { $in: string[] } }): Promise<ChatRecord[]> {
    const found = await collection.find(filter).project<ChatHead>(WITHOUT_LISTS).toArray()
    const known = await users.find({ _id: { $in: found.map(({ user_id }) => user_id) } }).toArray()
    const byId = new Map(known.map((user) => [user._id, user]))
    return found.map((chat) => recordOf(chat, byId.get(chat.user_id)))
  }
  const chatOf = async (userId: string): Promise<ChatRecord | undefined> => (await records({ user_id: userId }))[0]

  async function create(userId: string, id: string, at: string): Promise<void> {
    const merging = await collection.findOne({ 'merging.user': userId })
    if (merging?.merging) await finishMerge(db, merging.merging.theirs)
    try {
      await collection.insertOne(newChat(id, userId, at))
    } catch (error) {
      // Another call was faster
      if (!isDuplicate(error)) throw error
    }
    if (await users.findOne({ _id: userId })) return
    // The person was erased meanwhile, and whoever erased them may have looked for a chat before it was there
    await collection.deleteOne({ _id: id, last_seq: 0 })
    throw new Error('openChat before savePeople')
  }

  return {
    ...chatList(db),

    async openChat(userId, id, at) {
      const known = await chatOf(userId)
      if (known) return known
      if (!(await users.findOne({ _id: userId }))) throw new Error('openChat before savePeople')
      await create(userId, id, at)
      const chat = await chatOf(userId)
      if (!chat) throw new Error('openChat before savePeople')
      return chat
    },
    findChat: async (id) => (await records({ _id: { $in: [id] } }))[0],
    findChats: (ids) => records({ _id: { $in: ids } }),
    findChatOf: chatOf,
    setArchived: (id, archived, at, { actor = null, outbox, openTime } = {}) =>
      changeChat(db, id, async (chat) => {
        if ((chat.archived_at !== null) === archived) return { changed: false, result: undefined }
        if (archived) addCounts(chat, countsOfArchive(await episodeOf(db, chat), at, openTime))
        const activity = placeArchived(chat, archived, { at, actor })
        chat.archived_at = archived ? at : null
        chat.waiting_since = null
        chat.updated_at = at
        addActivity(chat, activity)
        if (outbox) addWebhooks(chat, [archiving(id, archived, at)], outbox)
        return { changed: true, result: activity }
      }),
    assign: (id, assigning) =>
      changeChat(db, id, (chat) => {
        const { assignee, at } = assigning
        if (!changesAssignee(chat, assigning)) return { changed: false, result: undefined }
        chat.assignee_id = assignee?.id ?? null
        chat.assignee_name = assignee?.name ?? null
        if (assignee) chat.assistant_off_at ??= at
        chat.updated_at = at
        const activity = placeAssigned(chat, assigning)
        addActivity(chat, activity)
        return { changed: true, result: activity }
      }),
    setBlocked: (id, blocked, blocking) =>
      changeChat(db, id, (chat) => {
        if ((chat.blocked_at !== null) === blocked) return { changed: false, result: undefined }
        chat.blocked_at = blocked ? blocking.at : null
        chat.updated_at = blocking.at
        const activity = placeBlocked(chat, blocked, blocking)
        addActivity(chat, activity)
        return { changed: true, result: activity }
      }),
  }
}
