// Uploading files, for the user (`support_chat/…`) and for staff (`admin/chats/:id/…`). A message names them afterwards.
import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import { ensureChat, findChat, writeVisitorsChat } from '../chats/open.ts'
import { chatParams } from '../chats/routes.ts'
import { UnwrittenChat } from '../chats/unwritten-chat.ts'
import type { Core } from '../core.ts'
import { clientIdSchema, idSchema, isCleanText } from '../http/input.ts'
import { route } from '../http/route.ts'
import { authorize, refuseBlocked } from '../people/policy.ts'
import type { Identity } from '../people/identity.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import { fileName } from './file-name.ts'
import { supportAttachment } from './schemas.ts'
import type { Uploads } from './uploads.ts'

const attachmentId = idSchema.describe('The file')

const UPLOADING = {
  query: z.object({
    client_id: clientIdSchema.describe('Makes it safe to upload again: the same id, name and size are stored once'),
  }),
  headers: z.object({
    'x-file-name': z
      .string()
      .max(5_000)
      .regex(/^([^%]|%[0-9A-Fa-f]{2})*$/, 'a name, percent-encoded as UTF-8')
      .optional()
      .describe('The name of the file, percent-encoded as by `encodeURIComponent`. Default: `file`'),
  }),
  takes: 'application/octet-stream',
  answers: {
    201: { json: supportAttachment },
    200: { json: supportAttachment, when: 'The `client_id` came before: the file that is stored under it' },
  },
  problems: [
    'length_required',
    'empty_file',
    'file_too_large',
    'image_too_large',
    'too_many_files',
    'blocked',
    'conflict',
    'invalid_request',
  ],
} as const

const FINDING = { answers: { 200: { json: supportAttachment } } } as const

export function attachmentRoutes(core: Core, uploads: Uploads) {
  interface Given {
    identity: Identity
    request: Request
    query: { client_id?: string | null | undefined }
    headers: { 'x-file-name'?: string | undefined }
  }

  async function receive(chat: ChatRecord, { identity, request, query, headers }: Given) {
    const { attachment, repeated } = await uploads.receive({
      sender: identity,
      chat,
      name: nameOf(headers['x-file-name'] ?? ''),
      clientId: query.client_id ?? null,
      body: request.body,
      size: lengthOf(request.headers),
    })
    return { status: repeated ? 200 : 201, body: attachment } as const
  }

  return [
    route({
      method: 'POST',
      path: '/support_chat/attachments',
      name: 'uploadOwnAttachment',
      action: 'open_own_chat',
      summary: 'Uploads a file for a message of the user: the body is the file',
      ...UPLOADING,
    })(async (input) => {
      const { identity } = input
      const chat = authorize(identity, 'send_message', await ensureChat(core, { identity }))
      refuseBlocked(identity, chat)
      const stored =
        chat instanceof UnwrittenChat ? await chat.written(() => writeVisitorsChat(core, identity, chat)) : chat
      return receive(stored, input)
    }),
    route({
      method: 'GET',
      path: '/support_chat/attachments/:attachment',
      name: 'findOwnAttachment',
      action: 'open_own_chat',
      summary: 'Says of a file of the user’s chat what is known, with a new URL',
      params: z.object({ attachment: attachmentId }),
      ...FINDING,
    })(async ({ identity, params, onlyLooks }) => {
      const chat = await ensureChat(core, { identity, onlyLooks })
      return { status: 200, body: await uploads.find(identity, chat, params.attachment) }
    }),
    route({
      method: 'POST',
      path: '/admin/chats/:id/attachments',
      name: 'uploadAttachment',
      action: 'use_desk',
      summary: 'Uploads a file for a reply of staff: the body is the file',
      params: chatParams,
      ...UPLOADING,
    })(async (input) => {
      const { identity, params } = input
      return receive(await findChat(core, { identity, action: 'send_message', id: params.id }), input)
    }),
    route({
      method: 'GET',
      path: '/admin/chats/:id/attachments/:attachment',
      name: 'findAttachment',
      action: 'use_desk',
      summary: 'Says of a file of a chat what is known, with a new URL',
      params: chatParams.extend({ attachment: attachmentId }),
      ...FINDING,
    })(async ({ identity, params }) => {
      const chat = await findChat(core, { identity, action: 'read_chat', id: params.id })
      return { status: 200, body: await uploads.find(identity, chat, params.attachment) }
    }),
  ]
}

/** @throws DeskbellError `invalid_request` */
function nameOf(header: string): string {
  try {
    const name = decodeURIComponent(header)
    if (isCleanText(name)) return fileName(name)
  } catch {
    // It is told below
  }
  throw new DeskbellError('invalid_request', 'x-file-name: a name, percent-encoded as UTF-8')
}

function lengthOf(headers: Headers): number | null {
  const length = headers.get('content-length')
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null
}
