// What a host says about a person beside their name, as hosts really give it. Nothing here is ever a reason to lock somebody out of
// the chat: what cannot be shown is shortened or left out, and the host is told.
import { MAX_ATTRIBUTE_NAME, MAX_ATTRIBUTE_VALUE, MAX_ATTRIBUTES } from '../../protocol/limits.ts'
import { oneLine } from '../../protocol/one-line.ts'
import type { Attributes } from '../../protocol/types.ts'
import { shortened } from './shortened.ts'

/** Problems in one report; the host finds the others by the same cure */
const MAX_PROBLEMS = 5

export interface ReadAttributes {
  /** Undefined: nothing was given, and what is stored stays */
  attributes: Attributes | undefined
  /** For the developer, without values */
  problems: string[]
}

type Value = Attributes[string]

/** Values that are null are left out, since a host's column may have none; an empty object means no attributes */
export function attributesOf(given: unknown): ReadAttributes {
  if (given === undefined || given === null) return { attributes: undefined, problems: [] }
  if (typeof given !== 'object' || Array.isArray(given))
    return { attributes: undefined, problems: ['they must be an object of names and values'] }
  const problems: string[] = []
  const read: [string, Value][] = []
  let tooMany = 0
  for (const [name, value] of Object.entries(given)) {
    const entry = entryOf(oneLine(name.toWellFormed()), value, problems)
    if (!entry) continue
    if (read.length < MAX_ATTRIBUTES) read.push(entry)
    else tooMany++
  }
  if (tooMany > 0) problems.unshift(`there are ${MAX_ATTRIBUTES + tooMany}, and the first ${MAX_ATTRIBUTES} are shown`)
  return { attributes: Object.fromEntries(read), problems: problems.slice(0, MAX_PROBLEMS) }
}

function entryOf(name: string, value: unknown, problems: string[]): [string, Value] | undefined {
  if (value === null || value === undefined) return undefined
  if (name === '' || name.length > MAX_ATTRIBUTE_NAME) {
    problems.push(`the name “${name.slice(0, MAX_ATTRIBUTE_NAME)}” must have 1 to ${MAX_ATTRIBUTE_NAME} characters`)
    return undefined
  }
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return [name, value]
  if (typeof value !== 'string') {
    problems.push(`“${name}” must be text, a finite number or a boolean`)
    return undefined
  }
  const text = oneLine(value.toWellFormed())
  if (text === '') return undefined
  if (text.length <= MAX_ATTRIBUTE_VALUE) return [name, text]
  // A link without its end would lead elsewhere
  const isLink = /^https?:/i.test(text)
  problems.push(`“${name}” has more than ${MAX_ATTRIBUTE_VALUE} characters, and is ${isLink ? 'left out' : 'cut'}`)
  return isLink ? undefined : [name, shortened(text, MAX_ATTRIBUTE_VALUE)]
}
