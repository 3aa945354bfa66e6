// The canned replies of the team. Any member of staff may use and change them.
import { z } from 'zod'
import {
  MAX_CANNED_REPLIES,
  MAX_REPLY_TITLE,
  MAX_SHORTCUT,
  SHORTCUT_PATTERN,
  type CannedReply,
} from '../../protocol/canned-replies.ts'
import { DeskbellError } from '../../protocol/errors.ts'
import { MAX_CONTENT } from '../../protocol/limits.ts'
import type { Core } from '../core.ts'
import { CLEAN_TEXT, idSchema, isCleanText } from '../http/input.ts'
import { route } from '../http/route.ts'
import { checkContent } from '../messages/check-content.ts'
import { isoTime } from '../ports/clock.ts'
import type { ReplyOutcome, ReplyText } from '../ports/store/replies.ts'
import { cannedReplies, cannedReply, importedReplies } from './schemas.ts'

/** Bytes of an import: about 8,000 for each canned reply */
const MAX_IMPORT = 8 * 1024 * 1024

const clean = [isCleanText, 'must be valid Unicode without NUL'] as const

/** One form for what looks alike. Lower case may take that form apart, and be longer */
const plainShortcut = (shortcut: string): string => shortcut.normalize('NFC').toLowerCase().normalize('NFC')

const text = {
  shortcut: z
    .string()
    .min(1)
    .max(MAX_SHORTCUT)
    .regex(SHORTCUT_PATTERN, 'no spaces and no slashes')
    .refine(...clean)
    .refine((shortcut) => plainShortcut(shortcut).length <= MAX_SHORTCUT, 'too long in lower case')
    .describe('Stored in lower case'),
  title: z
    .string()
    .max(MAX_REPLY_TITLE)
    .refine(...clean)
    .meta({ pattern: CLEAN_TEXT }),
  // Checked like that of a message
  body: z
    .string()
    .meta({ minLength: 1, maxLength: MAX_CONTENT, pattern: CLEAN_TEXT, description: 'Plain text, not blank' }),
}
const newReply = z.strictObject({ ...text, title: text.title.default('') })
const change = z.strictObject({
  shortcut: text.shortcut.optional(),
  title: text.title.optional(),
  body: text.body.optional(),
})
const toImport = z.object({
  // What an export says besides is left out
  replies: z
    .array(z.object({ ...text, title: text.title.default('') }))
    .max(MAX_CANNED_REPLIES)
    .describe('Where two have one shortcut, the later one counts'),
})
const params = z.object({ id: idSchema.describe('The canned reply') })

export function replyRoutes({ store, clock }: Core) {
  const now = (): string => isoTime(clock.now())

  return [
    route({
      method: 'GET',
      path: '/admin/replies',
      name: 'listReplies',
      action: 'read_replies',
      summary: 'Lists the canned replies. The answer can be imported as it is',
      answers: { 200: { json: cannedReplies } },
    })(async ({ identity }) => ({
      status: 200,
      body: { replies: await store.cannedReplies(), agent_name: identity.name },
    })),
    route({
      method: 'POST',
      path: '/admin/replies',
      name: 'addReply',
      action: 'manage_replies',
      summary: 'Adds a canned reply',
      body: newReply,
      answers: {
        201: { json: cannedReply },
        200: { json: cannedReply, when: 'The same was stored already' },
      },
      problems: ['blank', 'too_long', 'shortcut_taken', 'too_many_replies'],
    })(async ({ body }) => {
      checkContent(body.body)
      const reply = { ...body, shortcut: plainShortcut(body.shortcut) }
      const outcome = await store.addCannedReply(crypto.randomUUID(), reply, now())
      return { status: outcome.kind === 'repeated' ? 200 : 201, body: replyOf(outcome) } as const
    }),
    route({
      method: 'PATCH',
      path: '/admin/replies/:id',
      name: 'changeReply',
      action: 'manage_replies',
      summary: 'Changes a canned reply; fields that are left out stay',
      params,
      body: change,
      answers: { 200: { json: cannedReply } },
      problems: ['not_found', 'blank', 'too_long', 'shortcut_taken'],
    })(async ({ params: { id }, body: { shortcut, title, body } }) => {
      if (body !== undefined) checkContent(body)
      const outcome = await store.changeCannedReply(
        id.toLowerCase(),
        {
          ...(shortcut === undefined ? {} : { shortcut: plainShortcut(shortcut) }),
          ...(title === undefined ? {} : { title }),
          ...(body === undefined ? {} : { body }),
        },
        now(),
      )
      return { status: 200, body: replyOf(outcome) }
    }),
    route({
      method: 'DELETE',
      path: '/admin/replies/:id',
      name: 'removeReply',
      action: 'manage_replies',
      summary: 'Removes a canned reply',
      params,
      answers: { 204: {} },
      problems: ['not_found'],
    })(async ({ params: { id } }) => {
      if (!(await store.removeCannedReply(id.toLowerCase()))) throw noSuchReply()
      return { status: 204 }
    }),
    route({
      method: 'POST',
      path: '/admin/replies/import',
      name: 'importReplies',
      action: 'manage_replies',
      summary:
        'Adds canned replies, and changes those whose shortcuts are there; all of them or, after a mistake, none',
      body: toImport,
      maxBody: MAX_IMPORT,
      answers: { 200: { json: importedReplies } },
      problems: ['blank', 'too_long', 'too_many_replies'],
    })(async ({ body: { replies } }) => {
      const byShortcut = new Map<string, ReplyText>()
      for (const { shortcut, title, body } of replies) {
        checkContent(body)
        const plain = plainShortcut(shortcut)
        byShortcut.set(plain, { shortcut: plain, title, body })
      }
      const counts = await store.importCannedReplies([...byShortcut.values()], now())
      if (!counts) throw new DeskbellError('too_many_replies')
      return { status: 200, body: counts }
    }),
  ]
}

const noSuchReply = (): DeskbellError => new DeskbellError('not_found', 'There is no such canned reply')

/** @throws DeskbellError `shortcut_taken`, `too_many_replies`, `not_found` */
function replyOf(outcome: ReplyOutcome): CannedReply {
  switch (outcome.kind) {
    case 'taken':
      throw new DeskbellError('shortcut_taken')
    case 'full':
      throw new DeskbellError('too_many_replies')
    case 'unknown':
      throw noSuchReply()
    default:
      return outcome.reply
  }
}
