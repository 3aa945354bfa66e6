// The log: JSON in production, readable otherwise. It never holds what people write, a token or a mail: fields are picked one by
// one, and errors pass through `describe`.
import { pino, type Logger } from 'pino'
import { readableLine } from './readable-line.ts'
import type { LEVELS } from './settings/environment.ts'

export type Log = Pick<Logger, 'fatal' | 'error' | 'warn' | 'info' | 'debug'>

const ERROR = 50

/** Errors go to standard error, the rest to standard output */
const outputs = (format: (line: string) => string) => ({
  // Lets the destination see each line's level
  [Symbol.for('pino.metadata')]: true,
  lastLevel: 0,
  write(line: string): void {
    const output = this.lastLevel >= ERROR ? process.stderr : process.stdout
    output.write(format(line))
  },
})

export function createLog({ level, readable }: { level: (typeof LEVELS)[number]; readable: boolean }): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // `describe` already made a plain object of the error; pino's serializer would not recognize it
    serializers: { err: (described: unknown) => described },
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return pino(options, outputs(readable ? readableLine : (line) => line))
}
