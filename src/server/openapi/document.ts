// Makes the OpenAPI 3.1 document out of the declarations of the routes.
import { z } from 'zod'
import { ERRORS, type ErrorCode } from '../../protocol/errors.ts'
import { PERSON_HEADER } from '../../protocol/person.ts'
import { SCHEMAS } from './schemas.ts'
import { PROBLEM_TYPE } from '../http/problem.ts'
import type { AnswerShape, Described, PublicRoute, Route } from '../http/route.ts'
import { api as words } from '../locales/api.en.ts'
import { rolesOf } from '../people/policy.ts'
import type { Answer, ApiDocument, Operation, Parameter, Ref, Schema } from './api-document.ts'

export interface ApiDescription {
  routes: Route[]
  publicRoutes: PublicRoute[]
  publicUrl: string
}

/** Names and shapes on the wire only ever grow, so it stays */
const API_VERSION = '1'

const CODES = Object.keys(ERRORS) as ErrorCode[]
const ALWAYS: ErrorCode[] = ['internal', 'unavailable']
const SIGNED_IN: ErrorCode[] = [
  ...CODES.filter((code) => ERRORS[code][0] === 401),
  'forbidden_origin',
  'other_person',
  'rate_limited',
]
const ROLES = 2

/** Every problem with which a route may answer */
function problemsOf(route: Route | PublicRoute): ErrorCode[] {
  const codes = [...ALWAYS, ...(route.problems ?? [])]
  if (!('action' in route)) return codes
  codes.push(...SIGNED_IN)
  if (rolesOf(route.action).length < ROLES) codes.push('forbidden')
  if (route.params) codes.push('not_found')
  if (route.query) codes.push('invalid_request')
  if (route.body) codes.push('invalid_json', 'invalid_request', 'body_too_large', 'unsupported_media_type')
  if (route.form) codes.push('invalid_json', 'invalid_request', 'body_too_large')
  return codes
}

const refTo = (kind: keyof ApiDocument['components'], name: string): Ref => ({ $ref: `#/components/${kind}/${name}` })

/** Schemas by name, and what refers to them */
function schemasOf(routes: Described[]) {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(SCHEMAS)) registry.add(schema, { id })
  const add = (id: string, schema: z.ZodType | undefined) => {
    if (schema && !registry.has(schema)) registry.add(schema, { id })
  }
  for (const { name, params, query, headers, body, form, answers } of routes) {
    for (const [part, schema] of Object.entries({ params, query, headers, body, form })) add(`${name}.${part}`, schema)
    for (const [status, { json }] of Object.entries(answers)) add(`${name}.${status}`, json)
  }
  // As clients see them: before texts become numbers, and open, because fields may be added to answers
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: (id) => refTo('schemas', id).$ref })
  const whole = (id: string): Schema => {
    const { $schema: _dialect, $id: _uri, ...schema } = schemas[id] as Schema
    return schema
  }
  return {
    named: Object.fromEntries(Object.keys(SCHEMAS).map((id) => [id, whole(id)])),
    of(schema: z.ZodType): Schema {
      const id = registry.get(schema)?.id ?? ''
      return id in SCHEMAS ? refTo('schemas', id) : whole(id)
    },
  }
}
type Schemas = ReturnType<typeof schemasOf>

function parametersOf(route: Described, schemas: Schemas): Parameter[] {
  const parts = [
    ['path', route.params],
    ['query', route.query],
    ['header', route.headers],
  ] as const
  return parts.flatMap(([place, object]) => {
    if (!object) return []
    const { properties = {}, required = [] } = schemas.of(object)
    return Object.entries(properties).map(([name, { description = '', ...schema }]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      description,
      schema,
    }))
  })
}

function bodyOf({ body, form, takes }: Described, schemas: Schemas): Pick<Operation, 'requestBody'> {
  if (takes !== undefined) return { requestBody: { required: true, content: { [takes]: { schema: {} } } } }
  const [type, object] = body ? ['application/json', body] : ['application/x-www-form-urlencoded', form]
  if (!object) return {}
  const required = !object.safeParse({}).success
  return { requestBody: { required, content: { [type]: { schema: schemas.of(object) } } } }
}

function answerOf(status: string, answer: AnswerShape, schemas: Schemas, isSignedIn: boolean): Answer {
  const { json, media = [], when, headers = {} } = answer
  const content = json
    ? [['application/json', { schema: schemas.of(json) }] as const]
    : media.map((type) => [type, { schema: { type: 'string' } }] as const)
  const described = Object.entries(headers).map(
    ([name, description]) => [name, { description, schema: { type: 'string' } }] as const,
  )
  return {
    description: when ?? words.statuses[status] ?? '',
    headers: {
      ...Object.fromEntries(described),
      ...(isSignedIn ? { [PERSON_HEADER]: refTo('headers', PERSON_HEADER) } : {}),
    },
    ...(content.length > 0 ? { content: Object.fromEntries(content) } : {}),
  }
}

function problemAnswer(codes: ErrorCode[], isSignedIn: boolean): Answer {
  const waits = codes.some((code) => code === 'rate_limited' || code === 'unavailable')
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code][1]}.`).join(' '),
    headers: {
      ...(waits ? { 'Retry-After': refTo('headers', 'Retry-After') } : {}),
      ...(isSignedIn ? { [PERSON_HEADER]: refTo('headers', PERSON_HEADER) } : {}),
    },
    content: {
      [PROBLEM_TYPE]: {
        schema: { allOf: [refTo('schemas', 'Problem'), { type: 'object', properties: { code: { enum: codes } } }] },
      },
    },
  }
}

/** @throws Error when the parameters of a path are not those that its route declares */
export function openApiDocument({ routes, publicRoutes, publicUrl }: ApiDescription): ApiDocument {
  const schemas = schemasOf([...routes, ...publicRoutes])
  const paths: ApiDocument['paths'] = {}
  const responses: Record<string, Answer> = {}

  /** Routes share the answers that say the same */
  function problemsByStatus(route: Route | PublicRoute): Record<string, Ref> {
    const byStatus = Object.groupBy(new Set(problemsOf(route)), (code) => ERRORS[code][0])
    return Object.fromEntries(
      Object.entries(byStatus).map(([status, codes]) => {
        const name = codes.toSorted().join('.')
        responses[name] ??= problemAnswer(codes, 'action' in route)
        return [status, refTo('responses', name)]
      }),
    )
  }

  for (const route of [...publicRoutes, ...routes]) {
    const isSignedIn = 'action' in route
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name)
    if (String(inPath) !== String(Object.keys(route.params?.shape ?? {})))
      throw new Error(`${route.path} declares other params`)
    const roles = isSignedIn ? rolesOf(route.action) : []
    const answers = Object.entries(route.answers).map(
      ([status, answer]) => [status, answerOf(status, answer, schemas, isSignedIn)] as const,
    )
    ;(paths[path] ??= {})[route.method.toLowerCase()] = {
      operationId: route.name,
      tags: [isSignedIn ? (roles.includes('user') ? 'users' : 'staff') : 'everybody'],
      summary: route.summary,
      security: isSignedIn ? [{ token: roles }, { session: roles }] : [],
      parameters: [...parametersOf(route, schemas), ...(isSignedIn ? [refTo('parameters', PERSON_HEADER)] : [])],
      ...bodyOf(route, schemas),
      responses: { ...Object.fromEntries(answers), ...problemsByStatus(route) },
    }
  }

  const person: Schema = { type: 'string' }
  return {
    openapi: '3.1.1',
    info: {
      title: words.title,
      version: API_VERSION,
      description: words.description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl, description: words.server }],
    tags: words.tags,
    paths,
    components: {
      schemas: schemas.named,
      parameters: {
        [PERSON_HEADER]: {
          name: PERSON_HEADER,
          in: 'header',
          required: false,
          description: words.personRequested,
          schema: person,
        },
      },
      headers: {
        [PERSON_HEADER]: { description: words.personAnswered, schema: person },
        'Retry-After': { description: words.retryAfter, schema: { type: 'integer', minimum: 1 } },
      },
      responses,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: words.token },
        session: { type: 'apiKey', in: 'cookie', name: 'session', description: words.session },
      },
    },
  }
}
