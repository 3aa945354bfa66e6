// Who of staff has a chat, and who can.
import { z } from 'zod'
import type { Colleague } from '../../protocol/types.ts'
import { findChat } from '../chats/open.ts'
import { chatParams } from '../chats/routes.ts'
import type { Core } from '../core.ts'
import { CLEAN_TEXT, isCleanText } from '../http/input.ts'
import { route } from '../http/route.ts'
import type { SeenColleague } from '../ports/store/colleagues.ts'
import { assign, MAX_COLLEAGUES } from './assign.ts'
import { assignedChat, colleagues } from './schemas.ts'

/** Without connections, somebody who asks again and again counts as online for this long (ms): the time is kept by the minute */
const SEEN_HOLDS = 120_000

const assignBody = z.strictObject({
  assignee_id: z
    .string()
    .min(1)
    .max(200)
    .refine(isCleanText, 'must be valid Unicode without NUL')
    .meta({ pattern: CLEAN_TEXT })
    .nullable()
    .describe('One of `GET admin/staff`, or the caller; null: nobody'),
})

export function assignmentRoutes(core: Core, { livesOn }: { livesOn: boolean }) {
  const { store, hub, clock, revocations } = core
  const wasHere = ({ last_seen_at }: SeenColleague): boolean => Date.parse(last_seen_at) + SEEN_HOLDS > clock.now()

  /** Nobody has signed in with this id since all their credentials were revoked */
  const hasLeft = ({ id, name, last_seen_at }: SeenColleague): boolean =>
    revocations.covers({ id, name, role: 'admin', email: '', expiresAt: null, issuedAt: Date.parse(last_seen_at) })

  return [
    route({
      method: 'GET',
      path: '/admin/staff',
      name: 'listStaff',
      action: 'list_staff',
      summary: 'Lists who was here with the role of staff, to whom chats can be assigned',
      answers: { 200: { json: colleagues } },
    })(async () => {
      const seen = await store.colleagues(MAX_COLLEAGUES)
      const here = hub.staffPresence.online()
      const staff = seen
        .filter((one) => !hasLeft(one))
        .map((one): Colleague => ({
          id: one.id,
          name: one.name,
          online: livesOn ? here.has(one.id) : wasHere(one),
        }))
      return { status: 200, body: { staff: staff.sort(byName) } }
    }),
    route({
      method: 'POST',
      path: '/admin/chats/:id/assign',
      name: 'assignChat',
      action: 'assign_chat',
      summary: 'Assigns a chat to somebody of staff, or to nobody. Of two at the same time, the later one counts',
      params: chatParams,
      body: assignBody,
      answers: { 200: { json: assignedChat } },
      problems: ['unknown_colleague'],
    })(async ({ identity, params, body: { assignee_id } }) => {
      const chat = await findChat(core, { identity, action: 'assign_chat', id: params.id })
      return {
        status: 200,
        body: { id: chat.id, assignee: await assign(core, { actor: identity, chat, assigneeId: assignee_id }) },
      }
    }),
  ]
}

/** Those without a name last */
const byName = (a: Colleague, b: Colleague): number =>
  Number(a.name === null) - Number(b.name === null) ||
  (a.name ?? a.id).localeCompare(b.name ?? b.id) ||
  (a.id < b.id ? -1 : 1)
