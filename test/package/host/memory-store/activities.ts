import type { ActivityStore, Actor, SupportActivity } from 'deskbell/core'
import type { Chat, Tables } from './tables.ts'

interface Circumstances {
  actor?: Actor | undefined
  client_id?: string | null
  at: string
}

type What = Pick<Extract<SupportActivity, { kind: 'note' }>, 'kind' | 'body'> | Unwritten
type Unwritten = Pick<Exclude<SupportActivity, { kind: 'note' }>, 'kind' | 'body'>

/** Adds what only staff see to a chat, with the next number and a later time than the one before */
export function tell(chat: Chat, what: What, { actor, client_id = null, at }: Circumstances): SupportActivity {
  const last = chat.activities.at(-1)?.created_at ?? ''
  const created_at = at > last ? at : new Date(Date.parse(last) + 1).toISOString()
  const by = { actor_id: actor?.id ?? null, actor_name: actor?.name ?? null }
  const seq = chat.activities.length + 1
  const activity = { id: crypto.randomUUID(), seq, ...what, ...by, client_id, created_at } as SupportActivity
  chat.activities.push(activity)
  return activity
}

/** Assigns a chat, and tells of it */
export function give(
  chat: Chat,
  assignee: Actor | null,
  { byReply = false, ...by }: Circumstances & { byReply?: boolean },
): SupportActivity {
  chat.assignee_id = assignee?.id ?? null
  chat.assignee_name = assignee?.name ?? null
  const { assignee_id, assignee_name } = chat
  return tell(chat, { kind: 'assigned', body: { assignee_id, assignee_name, by_reply: byReply } }, by)
}

/** Lets the activity of a chat follow that of another one */
export function moveActivities(from: Chat, to: Chat): void {
  const last = Date.parse(to.activities.at(-1)?.created_at ?? '')
  const taken = new Set(to.activities.map(({ actor_id, client_id }) => `${actor_id} ${client_id}`))
  for (const one of from.activities.splice(0)) {
    const after = Number.isNaN(last) ? '' : new Date(last + one.seq).toISOString()
    if (one.created_at < after) one.created_at = after
    if (taken.has(`${one.actor_id} ${one.client_id}`)) one.client_id = null
    one.seq = to.activities.length + 1
    to.activities.push(one)
  }
}

export function activityFacet(tables: Tables): ActivityStore {
  return {
    async addNote({ chat_id, content, actor, client_id, created_at: at }) {
      const chat = tables.open.chats.get(chat_id)
      if (!chat) return { kind: 'no_chat' }
      const known = chat.activities.find(
        (one) => client_id !== null && one.client_id === client_id && one.actor_id === actor.id,
      )
      if (known?.kind === 'note' && known.body.content === content) return { kind: 'repeated', note: { ...known } }
      if (known) return { kind: 'conflict' }
      const note = tell(chat, { kind: 'note', body: { content } }, { actor, client_id, at })
      if (note.kind !== 'note') throw new Error('It is a note')
      return { kind: 'stored', note: { ...note } }
    },

    async activities(chatId, range) {
      const all = tables.open.chats.get(chatId)?.activities.map((one) => ({ ...one })) ?? []
      if ('after' in range) {
        const newer = all.slice(range.after)
        return { activities: newer.slice(0, range.limit), has_more: newer.length > range.limit }
      }
      const older = all.slice(0, range.before - 1)
      return { activities: older.slice(-range.limit), has_more: older.length > range.limit }
    },
  }
}
