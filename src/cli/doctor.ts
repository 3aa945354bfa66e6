// `deskbell doctor`: checks everything that an installation depends on, and says what to do where something is wrong.
import { parseArgs, styleText } from 'node:util'
import type { Command } from './command.ts'
import { examine } from './doctor/examine.ts'
import type { Finding } from './doctor/finding.ts'

export const doctorCommand: Command = async (settings, args) => {
  const { values } = parseArgs({
    args,
    options: { json: { type: 'boolean', default: false }, 'send-to': { type: 'string' } },
  })
  const findings = await examine(settings, values['send-to'])
  const isWell = findings.every(({ state }) => state !== 'wrong')
  if (values.json) console.log(JSON.stringify({ ok: isWell, checks: findings }, null, 2))
  else for (const finding of findings) console.log(line(finding))
  process.exit(isWell ? 0 : 1)
}

const MARKS = { ok: styleText('green', 'ok   '), note: styleText('cyan', 'note '), wrong: styleText('red', 'wrong') }

const line = ({ check, state, text }: Finding): string => `${MARKS[state]} ${check.padEnd(18)} ${text}`
