// Whether what a server answers is what its OpenAPI document says.
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'
import type { Answer, ApiDocument, Operation, Schema } from '../../../src/server/openapi/api-document.ts'

/** Whether a value is one of the schema */
export type Fits = (value: unknown) => boolean

export interface Checks {
  fits: (schema: Schema) => Fits
  /** Fails unless the operation may answer so. The body is read, or cancelled if it never ends. @returns the code of a problem */
  check: (operation: Operation, response: Response) => Promise<string | undefined>
}

export function checksOf(document: ApiDocument): Checks {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  // Answers may get new fields, but none that is not in the document. Unevaluated, since a schema may be one of several
  const closed = Object.fromEntries(
    Object.entries(document.components.schemas).map(([name, schema]) => [
      name,
      { unevaluatedProperties: false, ...schema },
    ]),
  )
  ajv.addSchema({ $id: 'document', ...document, components: { ...document.components, schemas: closed } })
  const compiled = new Map<Schema, ReturnType<typeof ajv.compile>>()
  function validatorOf(schema: Schema) {
    const known = compiled.get(schema)
    if (known) return known
    // References are relative to the document
    const text = JSON.stringify(schema).replaceAll('"#/', '"document#/')
    const validate = ajv.compile(JSON.parse(text) as Schema)
    compiled.set(schema, validate)
    return validate
  }

  const follow = (answer: Operation['responses'][string]): Answer | undefined =>
    '$ref' in answer ? document.components.responses[answer.$ref.split('/').at(-1) ?? ''] : answer

  return {
    fits: (schema) => (value) => validatorOf(schema)(value) === true,
    async check({ operationId, security, responses }, response) {
      const { status, headers } = response
      const where = `${operationId} ${status}`
      const declared = responses[status]
      const type = headers.get('content-type')?.split(';')[0] ?? null
      const text = type === 'text/event-stream' ? '' : await response.text()
      await response.body?.cancel().catch(() => undefined)
      expect(declared, `${where} is not in the document: ${text}`).toBeDefined()
      expect(status, `${where}: ${text}`).not.toBe(500)
      const { content, headers: named = {} } = (declared && follow(declared)) ?? { description: '' }
      if (!content) {
        expect(text, where).toBe('')
        return undefined
      }
      expect(Object.keys(content), where).toContain(type)
      for (const name of ['Retry-After', 'Location']) expect(headers.has(name), `${where} ${name}`).toBe(name in named)
      if (security.length > 0 && status < 400) expect(headers.has('Deskbell-Person'), where).toBe(true)
      if (type === null || !type.endsWith('json')) return undefined
      const body = JSON.parse(text) as Record<string, unknown>
      const validate = validatorOf(content[type]?.schema ?? {})
      expect(validate(body) ? [] : validate.errors, `${where}: ${text}`).toEqual([])
      if (type !== 'application/problem+json') return undefined
      expect(body['status'], where).toBe(status)
      return body['code'] as string
    },
  }
}
