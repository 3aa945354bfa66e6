// How a route is declared: once, for the app, for the compiler and for the OpenAPI document.
import type { Context } from 'hono'
import type { z } from 'zod'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { Identity } from '../people/identity.ts'
import type { Action } from '../people/policy.ts'
import { parse, readFields, readJson } from './input.ts'

export interface AnswerShape {
  /** The schema of a JSON body */
  json?: z.ZodType
  /** The media types of any other body */
  media?: readonly string[]
  /** When this status is the answer, if that is not plain from the summary. Markdown */
  when?: string
  /** Name → what it says, in Markdown */
  headers?: Record<string, string>
}

/** What the document says of a route */
export interface Described {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Relative to the base path, in Hono's notation */
  path: string
  /** Names the operation, and the method of a generated client */
  name: string
  /** What it does: one sentence without its subject, in Markdown */
  summary: string
  /** Of the path: one for each `:name`. What cannot be is not found, so they are strings of any form */
  params?: z.ZodObject
  query?: z.ZodObject
  /** Request headers, in lower case */
  headers?: z.ZodObject
  /** A JSON object. A request without a body counts as `{}` */
  body?: z.ZodObject
  /** Bytes of the body at most, where it may be longer than others */
  maxBody?: number
  /** Fields of a form. `route` takes them as a JSON object too */
  form?: z.ZodObject
  /** The media type of any other body */
  takes?: string
  answers: Record<number, AnswerShape>
  /** Problems of this route alone. What any such route may answer is added: see `problemsOf` */
  problems?: readonly ErrorCode[]
}

/** A route that needs no signed-in person: a page or a file */
export interface PublicRoute extends Described {
  handle: (context: Context) => Response | Promise<Response>
}

/** What the app passes to a route */
export interface RouteInput {
  request: Request
  identity: Identity
  /** See `Caller.hostRequest` */
  hostRequest: Request | undefined
  params: Record<string, string>
  query: Record<string, string>
  /** The answer is that of GET, but nothing may change: see `onlyLooks` */
  onlyLooks: boolean
  /** The client's address as a key for limits; undefined when the runtime does not know it */
  address: string | undefined
}

/** A route for people who are signed in, made by `route` */
export interface Route extends Described {
  /** Checked before `handle` runs. For an action in one chat, `handle` also checks that chat */
  action: Action
  /** The route has its own rate limit instead of that for commands */
  hasOwnLimit?: true
  handle: (input: RouteInput) => Promise<Response>
}

/** An answer to a request: one of those that its route declares */
export type Reply<Answers> = {
  [Status in keyof Answers]: { status: Status; headers?: Record<string, string> } & BodyOf<Answers[Status]>
}[keyof Answers]

type BodyOf<Shape> = Shape extends { json: infer Schema extends z.ZodType }
  ? { body: z.input<Schema> }
  : Shape extends { media: readonly string[] }
    ? { stream: ReadableStream | null }
    : unknown

type Inputs<Declared> = {
  [Name in ('params' | 'query' | 'headers' | 'body' | 'form') & keyof Declared]: Declared[Name] extends z.ZodType
    ? z.output<Declared[Name]>
    : never
}

type Handle<Declared extends Omit<Route, 'handle'>> = (
  input: Omit<RouteInput, 'params' | 'query'> & Inputs<Declared>,
) => Promise<Reply<Declared['answers']>>

/**
 * Makes a route: `route({ … })(async (input) => ({ status: 200, body }))`. The function gets input that was checked against the declared
 * schemas, and the compiler checks its answers against theirs. By that alone the route is in the OpenAPI document.
 */
export const route =
  <const Declared extends Omit<Route, 'handle'>>(declared: Declared) =>
  (handle: Handle<Declared>): Declared & Pick<Route, 'handle'> => {
    const { params, query, headers, body, maxBody, form }: Described = declared
    return {
      ...declared,
      async handle({ params: inPath, query: inQuery, ...input }) {
        const checked = {
          params: params && parse(params, inPath),
          query: query && parse(query, inQuery),
          headers: headers && parse(headers, Object.fromEntries(input.request.headers)),
          body: body && (await readJson(input.request, body, maxBody)),
          form: form && (await readFields(input.request, form)),
        }
        return responseOf(await handle({ ...input, ...(checked as Inputs<Declared>) }))
      },
    }
  }

interface AnyReply {
  status: PropertyKey
  headers?: Record<string, string>
  body?: unknown
  stream?: ReadableStream | null
}

function responseOf({ status, headers = {}, body, stream = null }: AnyReply): Response {
  if (body === undefined) return new Response(stream, { status: Number(status), headers })
  return new Response(JSON.stringify(body), {
    status: Number(status),
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  })
}
