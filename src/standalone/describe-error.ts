import { withoutAddresses } from './without-addresses.ts'

/** An error as it may be logged */
export interface Described {
  type: string
  message: string
  stack: string
  code?: string | number
  cause?: Described
}

/** How many causes of causes are logged */
const DEPTH = 3
/** Characters of a message */
const LONGEST = 500

/**
 * An error without what people wrote. Drivers quote values in their messages and have whole statements as fields, and parsers quote
 * what they could not read. So fields are picked one by one, and quotations are left out.
 */
export function describe(error: unknown, depth = DEPTH): Described {
  if (!(error instanceof Error))
    return { type: typeof error, message: 'Something other than an Error was thrown', stack: '' }
  const message = withoutAddresses(withoutQuotations(error)).slice(0, LONGEST)
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line))
  const { code } = error as { code?: unknown }
  return {
    type: error.name,
    message,
    stack: [`${error.name}: ${message}`, ...frames].join('\n'),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.cause !== undefined && depth > 0 ? { cause: describe(error.cause, depth - 1) } : {}),
  }
}

/** The errors of `pg` have a severity, those of `mysql2` an sqlState, those of SQLite an errcode, and those of `mongodb` its name */
const isOfDatabase = (error: Error): boolean =>
  'severity' in error || 'sqlState' in error || 'errcode' in error || error.name.startsWith('Mongo')

function withoutQuotations(error: Error): string {
  const cause = error.cause instanceof Error && isOfDatabase(error.cause)
  if (!cause && !isOfDatabase(error) && !(error instanceof SyntaxError)) return error.message
  // From the first quotation mark to the last, because a quotation may contain such marks
  return error.message.replace(/(["'`]).*\1/s, '…')
}
