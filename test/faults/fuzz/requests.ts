// What a client may ask over HTTP: the app's own routes with anything in path, query, headers and body.
import fc from 'fast-check'
import { jsonText, mutated } from './values.ts'

export interface Asked {
  method: string
  path: string
  headers: Record<string, string>
  body: Uint8Array | undefined
}

const HEADERS = [
  'origin',
  'sec-fetch-site',
  'content-type',
  'content-encoding',
  'accept-encoding',
  'if-none-match',
  'range',
  'cookie',
  'x-forwarded-for',
  'x-http-method-override',
  'last-event-id',
  'upgrade',
  'authorization',
]
const PARAMETERS = [
  'after',
  'before',
  'since',
  'limit',
  'cursor',
  'archived',
  'q',
  'page',
  'token',
  'last_event_id',
  '__proto__',
]
const TYPES = [
  'application/json',
  'application/json; charset=utf-7',
  'text/plain',
  'multipart/form-data',
  'application/x-www-form-urlencoded',
  '',
]

const anyMethod = fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND')

/** @param routes of the app's own table @param ids chat ids to aim at @param tokens of callers */
export function requests(
  routes: { method: string; path: string }[],
  ids: string[],
  tokens: string[],
): fc.Arbitrary<Asked> {
  const id = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...ids) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map(encode) },
  )
  const aim = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ route: fc.constantFrom(...routes), value: id }).map(({ route, value }) => ({
        method: route.method === 'ALL' ? 'GET' : route.method,
        path: route.path.replace(/:\w+/g, () => value),
      })),
    },
    { weight: 1, arbitrary: fc.record({ method: anyMethod, path: fc.webPath() }) },
    { weight: 1, arbitrary: fc.record({ method: anyMethod, path: fc.string().map((text) => `/${encode(text)}`) }) },
  )
  const value = fc
    .oneof(jsonText, fc.string({ unit: 'binary' }), fc.constantFrom('0', '1', '-1', '10abc', '1e999', '\0'))
    .map((text) => encode(text.slice(0, 1_000)))
  const query = fc
    .array(fc.tuple(fc.constantFrom(...PARAMETERS), value), { maxLength: 3 })
    .map((all) => all.map((pair) => pair.join('=')).join('&'))
  const headers = fc.dictionary(
    fc.constantFrom(...HEADERS),
    fc.string({ maxLength: 60 }).map((text) => text.replace(/[^\t\x20-\x7e]/g, '')),
    { maxKeys: 2 },
  )
  const said = fc.oneof(
    mutated(
      fc.record({
        content: fc.string({ minLength: 1, unit: 'binary' }),
        client_id: fc.stringMatching(/^[\w.:-]{1,64}$/),
      }),
    ),
    mutated(fc.record({ up_to_seq: fc.nat(99) })),
    mutated(fc.record({ typing: fc.boolean() })),
    jsonText,
  )
  const body = fc.oneof(
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 6, arbitrary: said.map((text) => new TextEncoder().encode(text)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  )
  return fc
    .record({
      aim,
      other: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anyMethod }),
      query: fc.oneof(query, fc.constant('')),
      headers: fc.oneof(headers, fc.constant({})),
      type: fc.oneof(
        { weight: 6, arbitrary: fc.constant('application/json') },
        { weight: 1, arbitrary: fc.constantFrom(...TYPES) },
      ),
      token: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...tokens) },
        { weight: 1, arbitrary: fc.string().map(encode) },
      ),
      body,
    })
    .map(({ aim: { method: own, path }, other, query: asked, headers: more, type, token, body: sent }) => {
      const method = other ?? own
      return {
        method,
        path: asked === '' ? path : `${path}?${asked}`,
        headers: { authorization: `Bearer ${token}`, 'content-type': type, ...more },
        body: method === 'GET' || method === 'HEAD' ? undefined : sent,
      }
    })
}

/** As a path or query may carry it; half a character has no encoding */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed())
