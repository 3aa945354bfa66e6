// `deskbell doctor`: checks everything that an installation depends on, and says what to do where something is wrong.
import { parseArgs, styleText } from 'node:util'
import { SettingsError, type Settings } from '../standalone/settings.ts'
import type { Command } from './command.ts'
import { checkBus } from './doctor/bus.ts'
import { checkDatabase } from './doctor/database.ts'
import { checkEventStream } from './doctor/event-stream.ts'
import { wrong, type Finding } from './doctor/finding.ts'
import { checkMail } from './doctor/mail.ts'
import { checkAllowedOrigins, checkProxyHeaders, checkPublicUrl } from './doctor/public.ts'
import { checkDataFolder, checkOrigins, checkSecret } from './doctor/settings.ts'
import { checkSocket } from './doctor/socket.ts'

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

async function examine(read: () => Settings, sendTo: string | undefined): Promise<Finding[]> {
  let settings: Settings
  try {
    settings = read()
  } catch (error) {
    if (error instanceof SettingsError) return [wrong('settings', error.message)]
    throw error
  }
  const database = await checkDatabase(settings)
  const [bus, mail, reached] = await Promise.all([
    checkBus(settings, database.epoch),
    checkMail(settings, sendTo),
    checkPublicUrl(settings, database.epoch),
  ])
  return [
    checkSecret(settings),
    checkDataFolder(settings),
    ...database.findings,
    bus,
    ...mail,
    checkOrigins(settings),
    ...reached.findings,
    ...(reached.seen ? await throughPublicUrl(settings, reached.seen) : []),
  ]
}

async function throughPublicUrl(settings: Settings, seen: Parameters<typeof checkProxyHeaders>[1]): Promise<Finding[]> {
  const [origins, socket, stream] = await Promise.all([
    checkAllowedOrigins(settings),
    checkSocket(settings),
    checkEventStream(settings),
  ])
  return [...checkProxyHeaders(settings, seen), ...origins, ...socket, stream]
}

const MARKS = { ok: styleText('green', 'ok   '), note: styleText('cyan', 'note '), wrong: styleText('red', 'wrong') }

const line = ({ check, state, text }: Finding): string => `${MARKS[state]} ${check.padEnd(18)} ${text}`
