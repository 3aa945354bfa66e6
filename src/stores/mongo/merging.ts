// A visitor's chat goes to an account: several documents, and nothing but updates of one at a time. It is decided in the visitor's chat, by
// `merging`; from then on neither chat changes in any other way, and whoever meets one of them takes the next step. What is copied has ids that
// follow from the chat and the number, so that two nodes may copy the same.
import { placeTagged, placeUnarchivedByMessage, type ActivityRow } from '../rules/activity.ts'
import {
  assigneeOf,
  assistantOffOf,
  blockOf,
  earliest,
  mergedActivity,
  mergedChat,
  placeMerged,
  type MergeableChat,
} from '../rules/merge.ts'
import { LOST } from '../rules/notification.ts'
import { mergedTags, tagChange, tagsOf } from '../rules/tags.ts'
import { isoTime } from '../../server/ports/clock.ts'
import { addActivity, mergeable, pendingMail, setDerived } from './chat-document.ts'
import type { MongoDatabase } from './database.ts'
import type { ChatDoc, MailDoc, MessageDoc, Moved } from './documents.ts'
import { doEffects } from './effects.ts'
import { isDuplicate } from './errors.ts'
import { movedId, movedItems, putMoved } from './tails.ts'

/** Messages, or activities, that are copied at once */
const PORTION = 500

/** Takes a merge to its end, whoever began it */
export async function finishMerge(db: MongoDatabase, theirsId: string): Promise<void> {
  while (await takeStep(db, theirsId)) db.checkOpen()
}

/** @returns false: there is nothing more to do */
async function takeStep(db: MongoDatabase, theirsId: string): Promise<boolean> {
  const chats = db.collection('chats')
  const theirs = await chats.findOne({ _id: theirsId })
  if (!theirs) return false
  if (await hasEffects(db, theirs)) return true
  const { merging } = theirs
  if (merging === null) return false
  if (merging.own === undefined) return decideOwn(db, theirs)
  if (merging.own === null) return giveAlone(db, theirs)
  const own = await chats.findOne({ _id: merging.own })
  if (!own) return setOwn(db, theirs, undefined)
  if (await hasEffects(db, own)) return true
  if (own.merging?.theirs !== theirsId) return setOwn(db, theirs, undefined)
  return own.last_seq > 0 ? followOwn(db, theirs, own) : replaceOwn(db, theirs, own)
}

async function hasEffects(db: MongoDatabase, chat: ChatDoc): Promise<boolean> {
  if (!Object.values(chat.effects).some((list) => list.length > 0)) return false
  await doEffects(db, chat)
  return true
}

/** Decides which chat is the account's. Undefined: that is to be decided again */
async function setOwn(db: MongoDatabase, chat: ChatDoc, own: string | null | undefined): Promise<true> {
  if (chat.merging === null) return true
  const { own: _, ...rest } = chat.merging
  const merging = own === undefined ? rest : { ...rest, own }
  await commit(db, chat, { ...chat, merging })
  return true
}

async function decideOwn(db: MongoDatabase, theirs: ChatDoc): Promise<true> {
  const { merging } = theirs
  if (merging === null) return true
  const own = await db.collection('chats').findOne({ user_id: merging.user })
  if (!own) return setOwn(db, theirs, null)
  if (own.merging === null) await commit(db, own, { ...own, merging })
  else if (own.merging.theirs === theirs._id) return setOwn(db, theirs, own._id)
  // Another visitor becomes the same account
  else await finishMerge(db, own.merging.theirs)
  return true
}

async function commit(db: MongoDatabase, before: ChatDoc, after: ChatDoc): Promise<boolean> {
  const chat = structuredClone(after)
  chat.version = before.version + 1
  setDerived(chat)
  return db.replace(db.collection('chats'), before, chat)
}

/** The account has no chat, and the visitor's becomes its own */
async function giveAlone(db: MongoDatabase, theirs: ChatDoc): Promise<true> {
  const { merging } = theirs
  if (merging === null) return true
  const { visitor, user, at } = merging
  try {
    await commit(db, theirs, {
      ...given(theirs, visitor, user),
      updated_at: at,
      effects: {
        ...theirs.effects,
        merges: [{ visitor, user, gone: null, seq: 0, position: 0, forgets_webhooks: false }],
      },
    })
  } catch (error) {
    if (!isDuplicate(error)) throw error
    // The account has got a chat meanwhile
    await setOwn(db, theirs, undefined)
  }
  return true
}

const given = (chat: ChatDoc, visitor: string, user: string): ChatDoc => ({
  ...chat,
  user_id: user,
  merging: null,
  messages: chat.messages.map((one) => sentBy(one, visitor, user)),
})

const sentBy = <Sent extends Pick<MessageDoc, 'sender_type' | 'sender_id'>>(
  one: Sent,
  visitor: string,
  user: string,
) => (one.sender_type === 'user' && one.sender_id === visitor ? { ...one, sender_id: user } : one)

/** Nothing was written in the account's chat, and the visitor's takes its place */
async function replaceOwn(db: MongoDatabase, theirs: ChatDoc, own: ChatDoc): Promise<true> {
  const { merging } = theirs
  if (merging === null) return true
  const { visitor, user, at } = merging
  if (own.user_id === user) {
    await commit(db, own, { ...own, user_id: `merged:${own._id}` })
    return true
  }
  await copyActivities(db, own, theirs)
  const [before, account] = [mergeable(theirs), mergeable(own)]
  const after: ChatDoc = {
    ...given(theirs, visitor, user),
    ...mergedActivity(before, account),
    ...assigneeOf(account, before),
    blocked_at: blockOf(account, before),
    assistant_off_at: assistantOffOf(account, before),
    tags: mergedTags(before.tags, account.tags),
    activities: [],
    updated_at: at,
  }
  for (const activity of placeMerged(after, { own: account, theirs: before, at })) addActivity(after, activity)
  const done = { visitor, user, gone: own._id, seq: 0, position: 0, forgets_webhooks: true }
  try {
    await commit(db, theirs, { ...after, effects: { ...theirs.effects, merges: [done] } })
  } catch (error) {
    if (!isDuplicate(error)) throw error
    await setOwn(db, theirs, undefined)
  }
  return true
}

/** The visitor's messages follow those of the account */
async function followOwn(db: MongoDatabase, theirs: ChatDoc, own: ChatDoc): Promise<true> {
  const { merging } = theirs
  if (merging === null) return true
  const { visitor, user, at } = merging
  const [account, before] = [mergeable(own), mergeable(theirs)]
  await copyActivities(db, theirs, own)
  await copyMessages(db, theirs, own, visitor, user)
  const last = (chat: ChatDoc) => lastReplySeq(db, chat)
  const isOpen = (mails: MailDoc[]) => mails.some(({ state }) => OPEN.has(state))
  const now: MergeableChat = mergedChat(account, before, {
    last_admin_seq: await last(own),
    theirs_has_reply: (await last(theirs)) > 0,
    has_open_mail: { reply: isOpen(own.mails.reply), waiting: isOpen(own.mails.waiting) },
  })
  const { id: _, tags: __, ...head } = now
  const tags = mergedTags(account.tags, before.tags)
  const answer = theirs.last_seq > 0 ? null : own.answer
  const after: ChatDoc = {
    ...own,
    ...head,
    tags,
    updated_at: at,
    last_message_by: (theirs.last_seq > 0 ? theirs : own).last_message_by,
    messages: [],
    activities: [],
    merging: null,
    position: own.position + theirs.position,
    indexed_seq: own.indexed_seq < own.last_seq ? own.indexed_seq : own.last_seq + theirs.indexed_seq,
    mails: { reply: mergedMails(own, theirs, 'reply', at), waiting: mergedMails(own, theirs, 'waiting', at) },
    answer: theirs.answer ? { seq: theirs.answer.seq + own.last_seq, claim: 0, due_at: at } : answer,
  }
  if (own.archived_at !== null && now.archived_at === null) addActivity(after, placeUnarchivedByMessage(after, at))
  for (const activity of placeMerged(after, { own: account, theirs: before, at })) addActivity(after, activity)
  const changed = tagChange(tagsOf(account.tags), tags)
  if (changed) addActivity(after, placeTagged(after, changed, { at, actor: null }))
  const done = {
    visitor,
    user,
    gone: theirs._id,
    seq: own.last_seq,
    position: own.position,
    forgets_webhooks: false,
  }
  if (await commit(db, own, { ...after, effects: { ...own.effects, merges: [done] } }))
    await doEffects(db, (await db.collection('chats').findOne({ _id: own._id })) ?? own)
  return true
}

const OPEN: ReadonlySet<string> = new Set(['pending', 'claimed', 'sending'])

function mergedMails(own: ChatDoc, theirs: ChatDoc, kind: 'reply' | 'waiting', at: string): MailDoc[] {
  const n = own.last_seq
  // While theirs is being sent, its worker holds it
  const waiting = theirs.mails[kind].filter(({ state }) => state === 'pending' || state === 'claimed')
  const pending = own.mails[kind].filter(({ state }) => state === 'pending')
  const moved = theirs.mails[kind]
    .filter((mail) => !waiting.includes(mail))
    .map((mail): MailDoc => ({
      ...mail,
      ...(mail.state === 'sending' && { state: 'uncertain', reason: LOST, updated_at: at }),
      after_seq: mail.after_seq + n,
      up_to_seq: mail.up_to_seq + n,
    }))
  if (waiting.length === 0) return [...own.mails[kind], ...moved]
  const due_at = earliest([...waiting, ...pending].map((mail) => mail.due_at)) ?? at
  const [one = pendingMail(crypto.randomUUID(), due_at, at)] = pending
  return [...own.mails[kind].filter((mail) => mail !== one), ...moved, { ...one, due_at }]
}

/** Among messages that were all moved out of the document */
async function lastReplySeq(db: MongoDatabase, { _id, last_seq }: ChatDoc): Promise<number> {
  const found = db.collection('messages').find({ chat_id: _id, seq: { $lte: last_seq }, sender_type: 'admin' })
  return (await found.sort({ seq: -1 }).limit(1).toArray())[0]?.seq ?? 0
}

const ascending = (created_at: string, last: string | null, seq: number): string => {
  const after = last === null ? '' : isoTime(Date.parse(last) + seq)
  return created_at > after ? created_at : after
}

/** Afterwards all messages of both chats are in their collection */
async function copyMessages(
  db: MongoDatabase,
  from: ChatDoc,
  to: ChatDoc,
  visitor: string,
  user: string,
): Promise<void> {
  const messages = db.collection('messages')
  for (const chat of [from, to]) await putMoved<Moved<MessageDoc>>(messages, movedItems(chat, chat.messages))
  for (let after = 0; after < from.last_seq; after += PORTION) {
    const portion = await messages
      .find({ chat_id: from._id, seq: { $gt: after, $lte: after + PORTION } })
      .sort({ seq: 1 })
      .toArray()
    const names = portion.flatMap(({ client_id }) => client_id ?? [])
    const taken = await messages
      .find({ chat_id: to._id, client_id: { $in: names }, seq: { $lte: to.last_seq } })
      .toArray()
    const isTaken = (one: MessageDoc): boolean =>
      taken.some(
        (t) => t.client_id === one.client_id && t.sender_type === one.sender_type && t.sender_id === one.sender_id,
      )
    const copies = portion.map((stored): Moved<MessageDoc> => {
      const one = sentBy(stored, visitor, user)
      const seq = to.last_seq + one.seq
      return {
        ...one,
        _id: movedId(to._id, seq),
        chat_id: to._id,
        moved: to.version,
        seq,
        client_id: isTaken(one) ? null : one.client_id,
        created_at: ascending(one.created_at, to.last_message_at, one.seq),
      }
    })
    await putMoved<Moved<MessageDoc>>(messages, copies)
  }
}

/** Afterwards all activity of both chats is in its collection */
async function copyActivities(db: MongoDatabase, from: ChatDoc, to: ChatDoc): Promise<void> {
  const activities = db.collection('activities')
  for (const chat of [from, to]) await putMoved<Moved<ActivityRow>>(activities, movedItems(chat, chat.activities))
  for (let after = 0; after < from.last_activity_seq; after += PORTION) {
    const portion = await activities
      .find({ chat_id: from._id, seq: { $gt: after, $lte: after + PORTION } })
      .sort({ seq: 1 })
      .toArray()
    const names = portion.flatMap(({ client_id }) => client_id ?? [])
    const taken = await activities
      .find({ chat_id: to._id, client_id: { $in: names }, seq: { $lte: to.last_activity_seq } })
      .toArray()
    const copies = portion.map((one): Moved<ActivityRow> => {
      const seq = to.last_activity_seq + one.seq
      const isTaken = taken.some((t) => t.client_id === one.client_id && t.actor_id === one.actor_id)
      return {
        ...one,
        _id: movedId(to._id, seq),
        chat_id: to._id,
        moved: to.version,
        seq,
        client_id: isTaken ? null : one.client_id,
        created_at: ascending(one.created_at, to.last_activity_at, one.seq),
      }
    })
    await putMoved<Moved<ActivityRow>>(activities, copies)
  }
}
