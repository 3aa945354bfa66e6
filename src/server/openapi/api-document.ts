// The parts of OpenAPI 3.1 that our document has. https://spec.openapis.org/oas/v3.1.1

/** JSON Schema, draft 2020-12 */
export interface Schema {
  [keyword: string]: unknown
  $ref?: string
  type?: string | string[]
  format?: string
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
}
export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description: string
  schema: Schema
}
/** `{ $ref }`, to one of the components */
export type Ref = Record<'$ref', string>
export interface Answer {
  description: string
  headers?: Record<string, Ref | { description: string; schema: Schema }>
  content?: Record<string, { schema: Schema }>
}
export interface Operation {
  operationId: string
  tags: string[]
  summary: string
  security: Record<string, string[]>[]
  parameters: (Parameter | Ref)[]
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> }
  responses: Record<string, Answer | Ref>
}
export interface ApiDocument {
  openapi: string
  info: { title: string; version: string; description: string; license: { name: string; identifier: string } }
  servers: { url: string; description: string }[]
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: Record<string, Schema>
    parameters: Record<string, Parameter>
    headers: Record<string, { description: string; schema: Schema }>
    responses: Record<string, Answer>
    securitySchemes: Record<string, object>
  }
}
