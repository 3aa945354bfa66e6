// Asks every operation of the document everything that it describes, and what it refuses, as everybody; and checks every answer.
import fc, { type Arbitrary } from 'fast-check'
import { expect, it } from 'vitest'
import type { ApiDocument, Operation, Parameter } from '../../../src/server/openapi/api-document.ts'
import { allowed, oddTexts, refused, refusedText } from './arbitraries.ts'
import { ALLOWED_ORIGIN, documentOf, openOffice, PUBLIC_URL, type Caller, type Office } from './callers.ts'
import { checksOf, type Checks } from './checked.ts'

interface Described {
  method: string
  path: string
  operation: Operation
}

/** A request, and what its maker knows of it */
interface Asked {
  caller: Caller
  path: string
  headers: Record<string, string>
  body: string | undefined
  /** The schemas refuse it */
  isWrong: boolean
  /** The schemas allow it, and it is for a chat, or a webhook, that exists */
  isRight: boolean
}

const GHOST = '01890000-0000-7000-8000-000000000000'

const operationsOf = (document: ApiDocument): Described[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )

const mayAsk = ({ operation, caller }: { operation: Operation; caller: Caller }): boolean =>
  operation.security.length === 0 ||
  (caller.role !== undefined &&
    Object.values(operation.security[0] ?? {})
      .flat()
      .includes(caller.role))

interface Query {
  text: string
  isWrong: boolean
  /** A value may be one that this server never made, or is odd in what it says */
  isStrange: boolean
}
type Kind = 'right' | 'wrong' | 'strange'

/** @param made the values that only the server makes, by parameter; none: they are left out */
function queryOf(operation: Operation, kind: Kind, made: Record<string, string[]>): Arbitrary<Query> {
  const parameters = operation.parameters.filter((one): one is Parameter => 'name' in one && one.in === 'query')
  const values = parameters
    .filter(({ name }) => made[name]?.length !== 0)
    .map(({ name, schema }) => [name, made[name] ? fc.constantFrom(...made[name]) : allowed(schema)] as const)
  const required = parameters.filter((one) => one.required || made[one.name]?.length).map(({ name }) => name)
  const right = fc
    .record(Object.fromEntries(values), { requiredKeys: required })
    .map(
      (chosen) =>
        new URLSearchParams(Object.entries(chosen).map(([name, value]) => [name, String(value)] as [string, string])),
    )

  const changed = (changes: Arbitrary<readonly [string, string | null]>[], marks: Omit<Query, 'text'>) =>
    fc.tuple(right, fc.oneof(...changes)).map(([query, [name, text]]): Query => {
      if (text === null) query.delete(name)
      else query.set(name, text)
      return { text: String(query), ...marks }
    })
  const wrong = parameters.flatMap((one) => {
    const texts = refusedText(one.schema)?.map((text) => [one.name, text] as const)
    return [...(texts ? [texts] : []), ...(one.required ? [fc.constant([one.name, null] as const)] : [])]
  })
  const strange = parameters
    .filter(({ name }) => made[name])
    .map(({ name }) => fc.string().map((text) => [name, text] as const))
  if (kind === 'wrong' && wrong.length > 0) return changed(wrong, { isWrong: true, isStrange: false })
  if (kind === 'strange' && strange.length > 0) return changed(strange, { isWrong: false, isStrange: true })
  return right.map((query) => {
    const [, ...more] = FILTERS.filter((name) => query.has(name))
    for (const name of more) query.delete(name)
    return { text: String(query), isWrong: false, isStrange: false }
  })
}

interface Body {
  text: string | undefined
  type: string
  isWrong: boolean
  isStrange: boolean
}

/** Whether there is such a chat, channel or colleague, and for whom, no schema knows */
const namesSomebody = ({ text = '' }: Body): boolean => /"(chat|assignee)_id":"|\bchannel_name=/.test(text)

/** The list of chats goes by one of them at a time, which no schema says */
const FILTERS = ['q', 'assignee', 'tag', 'waiting']
const mixesFilters = ({ text }: Query): boolean => {
  const query = new URLSearchParams(text)
  return FILTERS.filter((name) => query.get(name)?.trim()).length > 1
}

const JSON_TYPE = 'application/json'
const BROKEN = ['{', '{"content":', "{'content':'x'}", '\u0000', '[', 'undefined', `"${'x'.repeat(70_000)}"`]

/** @param channels names of channels, which a form may be about */
function bodyOf({ requestBody }: Operation, kind: Kind, { fits }: Checks, channels: string[]): Arbitrary<Body> {
  const [[type, content] = []] = Object.entries(requestBody?.content ?? {})
  if (type === undefined || !content)
    return fc.constant({ text: undefined, type: '', isWrong: false, isStrange: false })
  const { schema } = content
  const body = (text: string, marks: Partial<Body>): Body => ({
    text,
    type,
    isWrong: false,
    isStrange: false,
    ...marks,
  })
  const json = (values: Arbitrary<unknown>, marks: Partial<Body>) =>
    values.map((value) => body(JSON.stringify(value), marks))
  if (type !== JSON_TYPE) {
    const required = (schema.required ?? []) as string[]
    const left = kind === 'wrong' && required.length > 0 ? fc.constantFrom(...required) : fc.constant(null)
    return fc.tuple(allowed(schema), fc.constantFrom(...channels), left).map(([value, channel, missing]) => {
      const form = new URLSearchParams(value as Record<string, string>)
      if (kind === 'right' && form.has('channel_name')) form.set('channel_name', channel)
      if (missing !== null) form.delete(missing)
      return body(String(form), { isWrong: missing !== null })
    })
  }
  if (kind === 'right') return json(allowed(schema), {})
  if (kind === 'strange') return json(allowed(schema, oddTexts), { isStrange: true })
  const otherType = fc
    .tuple(
      allowed(schema),
      fc.constantFrom('text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'x'),
    )
    .map(([value, other]) => body(JSON.stringify(value), { type: other, isWrong: true }))
  return fc.oneof(
    { weight: 4, arbitrary: json(refused(schema, fits(schema)), { isWrong: true }) },
    { weight: 1, arbitrary: fc.constantFrom(...BROKEN).map((text) => body(text, { isWrong: true })) },
    { weight: 1, arbitrary: otherType },
  )
}

interface Surroundings {
  headers: Record<string, string>
  /** They change nothing */
  isQuiet: boolean
}

/** Headers of browsers and of clients */
const surroundings = fc.constantFrom<Surroundings[]>(
  { headers: {}, isQuiet: true },
  { headers: { origin: ALLOWED_ORIGIN }, isQuiet: true },
  { headers: { 'last-event-id': 'nonsense' }, isQuiet: true },
  { headers: { origin: 'https://evil.example' }, isQuiet: false },
  { headers: { 'sec-fetch-site': 'cross-site' }, isQuiet: false },
  { headers: { 'Deskbell-Person': 'user%3Asomebody%20else' }, isQuiet: false },
  { headers: { 'Deskbell-Person': '%' }, isQuiet: false },
  { headers: { 'sec-purpose': 'prefetch' }, isQuiet: false },
)

/** A part of a path; a URL leaves out those that are only dots */
const segment = fc.string({ minLength: 1 }).filter((text) => text !== '.' && text !== '..')

function idsIn(path: string, { webhooks, replies, users, chats }: Office): string[] {
  const rooms = { '/admin/webhooks': webhooks, '/admin/replies': replies, '/admin/users': users }
  return Object.entries(rooms).find(([room]) => path.startsWith(`${room}/`))?.[1] ?? chats
}

function requests(office: Office, described: Described, checks: Checks): Arbitrary<Asked> {
  const { operation, path, method } = described
  const inPath = operation.parameters.filter((one): one is Parameter => 'name' in one && one.in === 'path')
  const friends = office.callers.filter((caller) => mayAsk({ operation, caller }))
  const { chats } = office
  const ids = idsIn(path, office)
  const anyId = fc.oneof(fc.constantFrom(...ids, GHOST), fc.uuid(), segment)

  const make = ([caller, id, query, body, around]: [Caller, string, Query, Body, Surroundings]): Asked => {
    const isWrong = query.isWrong || body.isWrong
    // What is removed once is gone
    const isThere = inPath.length === 0 || (method !== 'DELETE' && ids.includes(id))
    return {
      caller,
      path:
        inPath.reduce((at, { name }) => at.replace(`{${name}}`, encodeURIComponent(id)), path) +
        (query.text && `?${query.text}`),
      headers: {
        ...caller.headers,
        ...around.headers,
        ...(body.text === undefined ? {} : { 'content-type': body.type }),
      },
      body: body.text,
      isWrong,
      isRight:
        !isWrong &&
        !query.isStrange &&
        !body.isStrange &&
        isThere &&
        around.isQuiet &&
        !namesSomebody(body) &&
        !mixesFilters(query),
    }
  }
  const made = { token: [office.unsubscribeToken], cursor: [] }
  const friend = fc.constantFrom(...friends)
  const known = fc.constantFrom(...ids)
  const quiet = fc.constant<Surroundings>({ headers: {}, isQuiet: true })
  const query = (kind: Kind) => queryOf(operation, kind, made)
  const channels = chats.map((id) => `private-support-chat-${id}`)
  const body = (kind: Kind) => bodyOf(operation, kind, checks, channels)
  const anyKind = fc.constantFrom<Kind[]>('right', 'wrong', 'strange')
  return fc.oneof(
    fc.tuple(friend, known, query('right'), body('right'), quiet).map(make),
    // Wrong, or odd, in one thing
    fc.tuple(friend, known, query('wrong'), body('right'), quiet).map(make),
    fc.tuple(friend, known, query('right'), body('wrong'), quiet).map(make),
    fc.tuple(friend, known, query('strange'), body('right'), quiet).map(make),
    fc.tuple(friend, known, query('right'), body('strange'), quiet).map(make),
    fc
      .tuple(fc.constantFrom(...office.callers), anyId, anyKind.chain(query), anyKind.chain(body), surroundings)
      .map(make),
  )
}

/** Problems of a request that its schemas allow: they are about what it says, or what was said before */
const OF_CONTENT = [
  'blank',
  'attachment_gone',
  'too_long',
  'conflict',
  'shortcut_taken',
  'too_many_replies',
  'too_many_tags',
  'unknown_colleague',
]

/**
 * Replay a failure with FAULT_SEED.
 * @param options `runs`: how many requests each operation gets
 */
export function fuzzEveryOperation({ runs }: { runs: number }): void {
  const seed = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000_007)

  it(
    'every operation answers as the document says, whatever is asked and whoever asks',
    { timeout: 600_000 + runs * 1_000 },
    async () => {
      console.log(`FAULT_SEED=${seed}`)
      const office = await openOffice()
      const document = await documentOf(office)
      const checks = checksOf(document)
      const silent: string[] = []
      for (const described of operationsOf(document)) {
        const { method, operation } = described
        let done = 0
        const property = fc.asyncProperty(requests(office, described, checks), async (asked) => {
          const { caller, path, headers, body, isWrong, isRight } = asked
          const request = new Request(PUBLIC_URL + path, { method, headers, ...(body === undefined ? {} : { body }) })
          const response = await office.deskbell.fetch(request)
          const where = `${method} ${path} by ${caller.who}: ${response.status}`
          const code = await checks.check(operation, response)
          if (response.status < 400) done++
          if (!mayAsk({ operation, caller })) expect([401, 403, 409], where).toContain(response.status)
          else if (isWrong) expect(response.status, where).toBeGreaterThanOrEqual(400)
          else if (isRight && !OF_CONTENT.includes(code ?? '')) expect(response.status, where).toBeLessThan(400)
        })
        await fc.assert(property, { numRuns: runs, seed })
        if (done === 0) silent.push(operation.operationId)
      }
      expect(silent, 'operations that did nothing').toEqual([])
      expect(office.errors).toEqual([])
      await office.close()
    },
  )

  it('a server that stops refuses every operation as the document says', async () => {
    const office = await openOffice()
    const document = await documentOf(office)
    const checks = checksOf(document)
    await office.deskbell.close()
    for (const { method, path, operation } of operationsOf(document)) {
      const request = new Request(PUBLIC_URL + path.replaceAll(/\{\w+\}/g, GHOST), { method })
      expect(await checks.check(operation, await office.deskbell.fetch(request)), operation.operationId).toBe(
        'unavailable',
      )
    }
    await office.store.close()
  })
}
