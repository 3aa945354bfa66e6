import { UnprovenRequest } from '../server/ports/unproven-request.ts'

export type Fields = Record<string, unknown>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields of what may be anything; none where it is no object */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})

/** The objects in what may be anything */
export const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])

/** The texts in what may be anything */
export const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []

/** '' where it is no text */
export const textIn = (fields: Fields, name: string): string => {
  const value = fields[name]
  return typeof value === 'string' ? value : ''
}

/** A time as ISO 8601; undefined where it is none */
export function timeIn(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  // Numbers are seconds since 1970
  const ms = typeof value === 'number' ? value * 1_000 : typeof value === 'string' ? Date.parse(value) : NaN
  const at = new Date(ms)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

/** @throws UnprovenRequest */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    throw new UnprovenRequest('The body is no JSON')
  }
}
