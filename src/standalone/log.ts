// One line per noteworthy thing: JSON in production, readable otherwise. Nothing that people write, no token and no mail gets
// into it: what is logged is named field by field, and errors pass `describe`.
import { pino, type Logger } from 'pino'
import { readableLine } from './readable-line.ts'
import type { LEVELS } from './settings/environment.ts'

export type Log = Pick<Logger, 'fatal' | 'error' | 'warn' | 'info' | 'debug'>

const ERROR = 50

/** Errors go to standard error, where those look who start things; the rest to standard output */
const outputs = (format: (line: string) => string) => ({
  // Pino then says of each line of which level it is
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
    // What `describe` made of an error is told as it is; pino's own would take it for an object of unknown kind
    serializers: { err: (described: unknown) => described },
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return pino(options, outputs(readable ? readableLine : (line) => line))
}
