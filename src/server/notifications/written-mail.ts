import { oneLine } from '../../protocol/one-line.ts'
import type { Clock } from '../ports/clock.ts'
import { atMost } from '../stop/at-most.ts'
import type { MailContent, MailParts, MailTemplate } from './mail-content.ts'
import { standardMail } from './standard-mail.ts'

export interface WrittenMailOptions {
  /** The host's; null: there is none */
  template: MailTemplate | null
  clock: Clock
  onError: (error: unknown) => void
}

/** A template that takes longer (ms) has failed. The mail's lease goes on running meanwhile */
export const TEMPLATE_WITHIN = 10_000
/** Characters of each part. Providers take a few MB, and Gmail shows 100 kB */
const LONGEST = 500_000

/**
 * The mail as the host's template writes it, and the standard one where that fails: a mistake in a template is reported, and nobody
 * misses a mail because of it.
 */
export async function writtenMail(content: MailContent, options: WrittenMailOptions): Promise<MailParts> {
  const { template, clock, onError } = options
  if (!template) return standardMail(content)
  try {
    const writing = async (): Promise<unknown> => template(content)
    return checked(await atMost(TEMPLATE_WITHIN, clock, writing()))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    onError(new Error(`mail.template failed, so the standard mail is sent: ${why}`, { cause: error }))
    return standardMail(content)
  }
}

/** @throws Error when this cannot be a mail */
function checked(written: unknown): MailParts {
  if (typeof written !== 'object' || written === null)
    throw new Error(`it returned nothing within ${TEMPLATE_WITHIN / 1000} s`)
  const { subject, html, text } = written as Partial<Record<keyof MailParts, unknown>>
  return {
    // A line break would begin another header
    subject: usable('subject', typeof subject === 'string' ? oneLine(subject) : subject),
    html: usable('html', html),
    text: usable('text', text).replace(/\r\n?/g, '\n'),
  }
}

function usable(name: keyof MailParts, part: unknown): string {
  if (typeof part !== 'string' || part.trim() === '') throw new Error(`it returned no ${name}`)
  if (part.length > LONGEST) throw new Error(`its ${name} is longer than ${LONGEST} characters`)
  if (!part.isWellFormed() || part.includes('\0')) throw new Error(`its ${name} is not valid Unicode without NUL`)
  return part
}
