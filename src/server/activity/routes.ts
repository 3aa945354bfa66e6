// What only staff see of a chat: its activity, and the notes they write.
import { z } from 'zod'
import { MAX_CONTENT } from '../../protocol/limits.ts'
import { findChat } from '../chats/open.ts'
import { chatParams } from '../chats/routes.ts'
import type { Core } from '../core.ts'
import { activityRange, activityRangeSchema, CLEAN_TEXT, clientIdSchema } from '../http/input.ts'
import { route } from '../http/route.ts'
import { activityPage, supportNote } from './schemas.ts'
import { writeNote } from './note.ts'

const noteBody = z.strictObject({
  // Checked where notes are written, whatever they come by
  content: z
    .string()
    .meta({ minLength: 1, maxLength: MAX_CONTENT, pattern: CLEAN_TEXT, description: 'Plain text, not blank' }),
  client_id: clientIdSchema.describe('Makes it safe to send again: the same id and content are stored once'),
})

export const activityRoutes = (core: Core) => [
  route({
    method: 'GET',
    path: '/admin/chats/:id/activity',
    name: 'listActivity',
    action: 'read_activity',
    summary:
      'Lists a page of what only staff see of a chat, such as notes, oldest first; the newest without `after` or `before`',
    params: chatParams,
    query: activityRangeSchema,
    answers: { 200: { json: activityPage } },
  })(async ({ identity, params, query }) => {
    const chat = await findChat(core, { identity, action: 'read_activity', id: params.id })
    const slice = await core.store.activities(chat.id, activityRange(query))
    return { status: 200, body: { ...slice, epoch: core.store.epoch } }
  }),
  route({
    method: 'POST',
    path: '/admin/chats/:id/notes',
    name: 'writeNote',
    action: 'write_note',
    summary: 'Writes a note to a chat, which only staff see',
    params: chatParams,
    hasOwnLimit: true,
    body: noteBody,
    answers: {
      201: { json: supportNote },
      200: { json: supportNote, when: 'The `client_id` came before: the note that is stored under it' },
    },
    problems: ['blank', 'too_long', 'conflict'],
  })(async ({ identity: writer, params, body: { content, client_id } }) => {
    const chat = await findChat(core, { identity: writer, action: 'write_note', id: params.id })
    const { note, repeated } = await writeNote(core, { writer, chat, content, clientId: client_id ?? null })
    return { status: repeated ? 200 : 201, body: note } as const
  }),
]
