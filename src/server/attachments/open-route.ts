// Gives out files, to whoever has their URL. It looks at no credentials: what strangers uploaded must not act in anybody's name.
import type { Context } from 'hono'
import { z } from 'zod'
import { attachmentKind } from '../../protocol/attachments.ts'
import { DeskbellError } from '../../protocol/errors.ts'
import { idSchema } from '../http/input.ts'
import type { PublicRoute } from '../http/route.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Clock } from '../ports/clock.ts'
import type { AttachmentRecord } from '../ports/store/attachments.ts'
import type { Store } from '../ports/store/store.ts'
import { byteRange } from './byte-range.ts'
import { contentDisposition } from './content-disposition.ts'
import { UNKNOWN_TYPE } from './file-type.ts'
import type { AttachmentLinks } from './links.ts'

export interface OpenRouteOptions {
  store: Pick<Store, 'findAttachment'>
  blobs: Blobs
  links: AttachmentLinks
  clock: Clock
}

const link = z.object({
  expires: z
    .string()
    .regex(/^\d{1,15}$/)
    .describe('Until when the URL is good, in seconds since 1970'),
  signature: z.string().max(100).describe('Proves that this server made the URL'),
})

export function openAttachmentRoute({ store, blobs, links, clock }: OpenRouteOptions): PublicRoute {
  /** What is not found, and what the URL does not open, look alike. @throws DeskbellError `not_found` */
  async function fileOf(c: Context): Promise<{ file: AttachmentRecord; expires: number }> {
    const given = link.safeParse(c.req.query())
    const file = given.success ? await store.findAttachment(c.req.param('attachment') ?? '') : undefined
    const expires = Number(given.data?.expires)
    if (file && given.success && (await links.isGood(file, expires, given.data.signature))) return { file, expires }
    throw new DeskbellError('not_found', 'The link to this file is not valid any more')
  }

  return {
    method: 'GET',
    path: '/attachments/:attachment',
    name: 'openAttachment',
    summary: 'Gives out a file, at the `url` that this server made for it',
    params: z.object({ attachment: idSchema.describe('The file') }),
    query: link,
    answers: {
      200: { media: ['*/*'] },
      206: { media: ['*/*'], when: 'The part that `Range` asks for' },
      304: { when: 'The file is the one that `If-None-Match` names' },
      416: { when: '`Range` asks for what is behind the end' },
    },
    problems: ['not_found'],
    async handle(c) {
      const { file, expires } = await fileOf(c)
      const etag = `"${file.id}"`
      const headers: Record<string, string> = {
        ...headersOf(file),
        etag,
        'accept-ranges': 'bytes',
        // A content never changes. Caches that several people share do not keep it
        'cache-control': `private, max-age=${Math.max(0, expires - Math.floor(clock.now() / 1000))}, immutable`,
      }
      if (c.req.header('if-none-match') === etag) return new Response(null, { status: 304, headers })
      const ifRange = c.req.header('if-range')
      const wanted = ifRange === undefined || ifRange === etag ? (c.req.header('range') ?? null) : null
      const range = byteRange(wanted, file.size)
      if (range === null)
        return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${file.size}` } })
      headers['content-length'] = String(range?.length ?? file.size)
      if (range) headers['content-range'] = `bytes ${range.start}-${range.start + range.length - 1}/${file.size}`
      const status = range ? 206 : 200
      // Hono answers HEAD by GET, and would leave the content open
      if (c.req.raw.method === 'HEAD') return new Response(null, { status, headers })
      const content = await blobs.get(file.id, range)
      if (!content) throw new DeskbellError('not_found', 'The file is not here any more')
      return new Response(content, { status, headers })
    },
  }
}

/** Only what no browser takes for a page is shown in the page; in a sandbox without scripts, except where that keeps a PDF from being drawn */
function headersOf({ name, type }: AttachmentRecord): Record<string, string> {
  const kind = attachmentKind({ type })
  return {
    'content-type': kind === 'file' ? UNKNOWN_TYPE : type,
    'content-disposition': contentDisposition(kind === 'file' ? 'attachment' : 'inline', name),
    'content-security-policy':
      kind === 'pdf'
        ? "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
        : "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    // Pages of the host show it, whatever their own policy on foreign files
    'cross-origin-resource-policy': 'cross-origin',
  }
}
