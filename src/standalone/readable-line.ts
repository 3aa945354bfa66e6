import { styleText } from 'node:util'

const COLOURS = { fatal: 'red', error: 'red', warn: 'yellow', info: 'cyan', debug: 'dim' } as const

/** Turns a line of JSON into `10:15:00 warn  What happened  field=value`, with an error's stack below */
export function readableLine(line: string): string {
  const { level, time, msg, err, ...fields } = JSON.parse(line) as {
    level: keyof typeof COLOURS
    time: string
    msg?: string
    err?: { stack?: string }
  } & Record<string, unknown>
  const rest = Object.entries(fields).map(
    ([name, value]) => `  ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const stack = err?.stack === undefined ? '' : `\n${err.stack}`
  const head = `${styleText('dim', time.slice(11, 19))} ${styleText(COLOURS[level], level.padEnd(5))}`
  return `${head} ${msg ?? ''}${styleText('dim', rest.join(''))}${stack}\n`
}
