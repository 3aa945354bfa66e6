// All canned replies but their texts are in one document, in which it is decided what they are: shortcuts are unique, and an import is all or
// nothing. Texts are written before, each once, and forgotten when no reply has them any more.
import { MAX_CANNED_REPLIES, type CannedReply } from '../../protocol/canned-replies.ts'
import type { CannedReplyStore, ReplyOutcome } from '../../server/ports/store/replies.ts'
import { isSameReply, planImport } from '../rules/canned-reply.ts'
import { inOrder } from '../rules/tags.ts'
import type { MongoDatabase } from './database.ts'
import type { RepliesDoc } from './documents.ts'

const ID = 'replies'

/** What a decision about all replies changes: those that are new, or are as these now, and an id that goes */
interface Change<Result> {
  result: Result
  put?: CannedReply[]
  removed?: string
}

export function replies(db: MongoDatabase): CannedReplyStore {
  const registry = db.collection('replies')
  const bodies = db.collection('reply_bodies')

  async function read(): Promise<{ doc: RepliesDoc; all: CannedReply[] }> {
    for (;;) {
      const doc = (await registry.findOne({ _id: ID })) ?? { _id: ID, version: 0, entries: [] }
      const texts = await bodies.find({ _id: { $in: doc.entries.map(({ body_id }) => body_id) } }).toArray()
      const textOf = new Map(texts.map(({ _id, body }) => [_id, body]))
      // One of them was changed, and its text forgotten, while they were read
      if (doc.entries.some(({ body_id }) => !textOf.has(body_id))) continue
      const byShortcut = new Map(doc.entries.map((entry) => [entry.shortcut, entry]))
      const all = inOrder(byShortcut.keys()).flatMap((shortcut) => {
        const entry = byShortcut.get(shortcut)
        if (!entry) return []
        const { body_id, ...reply } = entry
        return [{ ...reply, body: textOf.get(body_id) ?? '' }]
      })
      return { doc, all }
    }
  }

  async function change<Result>(decide: (all: CannedReply[]) => Change<Result>): Promise<Result> {
    for (;;) {
      db.checkOpen()
      const { doc, all } = await read()
      const { result, put = [], removed } = decide(all)
      if (put.length === 0 && removed === undefined) return result
      const written = put.map(({ body, ...reply }) => ({ entry: { ...reply, body_id: crypto.randomUUID() }, body }))
      if (written.length > 0) await bodies.insertMany(written.map(({ entry, body }) => ({ _id: entry.body_id, body })))
      const replaced = new Set([...put.map(({ id }) => id), removed])
      const kept = doc.entries.filter(({ id }) => !replaced.has(id))
      const isWritten = await db.change('replies', ID, (now) => {
        if ((now?.version ?? 0) !== doc.version) return { result: false }
        return { doc: { _id: ID, entries: [...kept, ...written.map(({ entry }) => entry)] }, result: true }
      })
      const unused = isWritten
        ? doc.entries.filter(({ id }) => replaced.has(id)).map(({ body_id }) => body_id)
        : written.map(({ entry }) => entry.body_id)
      if (unused.length > 0) await bodies.deleteMany({ _id: { $in: unused } })
      if (isWritten) return result
    }
  }

  const unchanged = (result: ReplyOutcome): Change<ReplyOutcome> => ({ result })

  return {
    cannedReplies: async () => (await read()).all,
    addCannedReply: (id, text, updated_at) =>
      change((all) => {
        const known = all.find(({ shortcut }) => shortcut === text.shortcut)
        if (known) return unchanged(isSameReply(known, text) ? { kind: 'repeated', reply: known } : { kind: 'taken' })
        if (all.length >= MAX_CANNED_REPLIES) return unchanged({ kind: 'full' })
        const reply = { id, ...text, updated_at }
        return { result: { kind: 'stored', reply }, put: [reply] }
      }),
    changeCannedReply: (id, changes, updated_at) =>
      change((all) => {
        const known = all.find((one) => one.id === id)
        if (!known) return unchanged({ kind: 'unknown' })
        const reply = { ...known, ...changes, updated_at }
        if (isSameReply(known, reply)) return unchanged({ kind: 'repeated', reply: known })
        if (all.some((one) => one.shortcut === reply.shortcut && one.id !== id)) return unchanged({ kind: 'taken' })
        return { result: { kind: 'stored', reply }, put: [reply] }
      }),
    removeCannedReply: (id) =>
      change((all) => (all.some((one) => one.id === id) ? { result: true, removed: id } : { result: false })),
    importCannedReplies: (texts, at) =>
      change((all) => {
        const plan = planImport(all, texts, at)
        return plan ? { result: plan.counts, put: [...plan.added, ...plan.changed] } : { result: undefined }
      }),
  }
}
