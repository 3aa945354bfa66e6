import { oneLine } from '../../protocol/one-line.ts'
import { MailEventsRefused } from '../../server/ports/mail-events.ts'

export type Fields = Record<string, unknown>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields of what may be anything; none where it is no object */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})

/** The objects in what may be anything */
export const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])

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

/** @throws MailEventsRefused */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    throw new MailEventsRefused('The body is no JSON')
  }
}

/** The name under which a mail carries its reference through a service */
export const REFERENCE = 'deskbell'

/** Characters of a reason: other mail servers may say anything */
const LONGEST_REASON = 300

/** On one line, without what databases refuse; null: nothing was said */
export function reasonOf(text: string): string | null {
  const line = oneLine(text.slice(0, LONGEST_REASON)).replaceAll('\0', '').toWellFormed()
  return line === '' ? null : line
}
