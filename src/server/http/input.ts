// Parses requests strictly: invalid input gets a clear 4xx and is never guessed at.
import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import { MAX_BODY, MAX_PAGE_SIZE, PAGE_SIZE } from '../../protocol/limits.ts'
import type { ActivityRange } from '../../protocol/activity.ts'
import type { MessageRange } from '../../protocol/types.ts'
import { GatheredBytes } from '../gathered-bytes.ts'
import { isoTime } from '../ports/clock.ts'

/** No NUL, which databases refuse, and no lone surrogate, which other languages refuse */
export const isCleanText = (text: string): boolean => text.isWellFormed() && !text.includes('\0')
/** As much of `isCleanText` as a JSON Schema can say */
export const CLEAN_TEXT = '^[^\\u0000]*$'

/** @throws DeskbellError `unsupported_media_type`, `body_too_large`, `invalid_json`, `invalid_request` */
export async function readJson<T>(request: Request, schema: z.ZodType<T>, maxBytes?: number): Promise<T> {
  return parse(schema, parseJson(await readBytes(request, maxBytes), request.headers))
}

/**
 * A body as JSON; one without a byte counts as `{}`.
 * @throws DeskbellError `unsupported_media_type`, `invalid_json`
 */
export function parseJson(body: Uint8Array, headers: Headers): unknown {
  if (body.length === 0) return {}
  if (!isJson(headers)) throw new DeskbellError('unsupported_media_type')
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown
  } catch {
    throw new DeskbellError('invalid_json')
  }
}

const isJson = (headers: Headers): boolean =>
  headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() === 'application/json'

export const BODY_WAS_READ =
  'The body was read before it reached Deskbell: mount Deskbell before what reads bodies, such as express.json()'

/**
 * The fields of a form; none where the body is no form.
 * @throws DeskbellError `body_too_large`, `invalid_request`
 */
export async function readForm(request: Request): Promise<FormData> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type)) return new FormData()
  const body = await readBytes(request)
  try {
    return await new Response(body, { headers: { 'content-type': type } }).formData()
  } catch {
    throw new DeskbellError('invalid_request', 'The form cannot be read')
  }
}

/**
 * The fields of a form or of a JSON object, for clients that send either.
 * @throws DeskbellError what `readJson` and `readForm` throw
 */
export const readFields = async <T>(request: Request, schema: z.ZodType<T>): Promise<T> =>
  isJson(request.headers) ? readJson(request, schema) : parse(schema, Object.fromEntries(await readForm(request)))

/** Bytes of what a mail service tells at once: SendGrid collects up to 768 kB */
export const MAX_TOLD = 1024 * 1024

/**
 * The body as text, for whoever checks a signature over it.
 * @throws DeskbellError `body_too_large`, `invalid_request` when it is no UTF-8
 */
export async function readText(request: Request): Promise<string> {
  const body = await readBytes(request, MAX_TOLD)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    throw new DeskbellError('invalid_request', 'The body is no UTF-8')
  }
}

/**
 * The body as it came. Counts bytes while it reads, because the announced length may be wrong.
 * @throws DeskbellError `body_too_large`, `invalid_request`
 */
export async function readBytes(request: Request, maxBytes = MAX_BODY): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get('content-length')) > maxBytes) throw new DeskbellError('body_too_large')
  if (request.bodyUsed) throw new DeskbellError('invalid_request', BODY_WAS_READ)
  const bytes = new GatheredBytes()
  let length = 0
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.length
      if (length > maxBytes) throw new DeskbellError('body_too_large')
      bytes.add(chunk)
    }
  } catch (error) {
    // The peer left in the middle: no error of the server, so it is not reported
    throw error instanceof DeskbellError ? error : new DeskbellError('invalid_request', 'The body is incomplete')
  }
  return bytes.whole()
}

export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new DeskbellError('invalid_request', issue ? `${issue.path.join('.') || 'body'}: ${issue.message}` : undefined)
}

export const seqSchema = z.int().min(0)
/** Clients in languages without `undefined` send null for what they leave out */
export const clientIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.:-]{1,64}$/, 'letters, digits, _ . : and -, at most 64')
  .nullish()

/** In a query, where every value is a text */
const wholeNumber = (min: number, max: number) =>
  z.preprocess(
    (text) => (typeof text === 'string' && /^\d{1,16}$/.test(text) ? Number(text) : text),
    z.int('a whole number').min(min, `at least ${min}`).max(max, `at most ${max}`),
  )

export const limitSchema = (max: number) => wholeNumber(1, max)

/** In a query */
export const flagSchema = z.preprocess(
  (text) => (text === 'true' ? true : text === 'false' ? false : text),
  z.boolean(),
)

/** What is no UUID is not found, as any that is unknown */
export const idSchema = z.string().meta({ format: 'uuid' })

/** Ends in the year 10000, which some databases cannot store. No message is from before 1970 */
const LAST_TIME = Date.parse('9999-12-31T23:59:59.999Z')

/** A time that a client named, as ISO 8601 that every database takes. @param ms since 1970 */
export const storableTime = (ms: number): string => isoTime(Math.max(0, Math.min(ms, LAST_TIME)))

/** ISO 8601 with a time zone; becomes milliseconds since 1970 */
export const timeSchema = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .refine((ms) => !Number.isNaN(ms), 'no valid time')

/** `?after=SEQ`, `?before=SEQ` or `?since=ISO8601`, and `?limit=`; the newest page without them */
export const rangeSchema = z.object({
  after: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional().describe('Messages after this seq, the oldest first'),
  before: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional().describe('The newest messages before this seq'),
  since: timeSchema.optional().describe('Messages that were created after this time'),
  limit: limitSchema(MAX_PAGE_SIZE).default(PAGE_SIZE).describe('How many messages at most'),
})

/** The same for what only staff see, which has no `since` */
export const activityRangeSchema = z.object({
  after: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional().describe('Entries after this seq, the oldest first'),
  before: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional().describe('The newest entries before this seq'),
  limit: limitSchema(MAX_PAGE_SIZE).default(PAGE_SIZE).describe('How many entries at most'),
})

export const activityRange = ({ after, before, limit }: z.output<typeof activityRangeSchema>): ActivityRange =>
  after === undefined ? { before: before ?? Number.MAX_SAFE_INTEGER, limit } : { after, limit }

/** `since` is in milliseconds since 1970 */
interface RangeInput {
  after?: number | undefined
  before?: number | undefined
  since?: number | undefined
  limit: number
}

export function messageRange({ after, before, since, limit }: RangeInput): MessageRange {
  if (after !== undefined) return { after, limit }
  if (since !== undefined) return { since: storableTime(since), limit }
  return { before: before ?? Number.MAX_SAFE_INTEGER, limit }
}

/** The URL of the page that a person is on; undefined unless a link may safely lead there (http or https) */
export function pageUrl(text: string | null | undefined): string | undefined {
  if (!text || text.length > 2000 || !URL.canParse(text)) return undefined
  const url = new URL(text)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined
}
