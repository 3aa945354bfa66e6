import { parseArgs } from 'node:util'
import { isEmailAddress } from '../protocol/email-address.ts'
import { AUDIENCE, MAX_LIFETIME, tokens } from '../server/people/token.ts'
import { SettingsError } from '../standalone/settings.ts'
import type { Command } from './command.ts'

export const tokenCommand: Command = async (settings, args) => {
  const { values } = parseArgs({
    args,
    options: {
      sub: { type: 'string' },
      email: { type: 'string' },
      name: { type: 'string' },
      admin: { type: 'boolean', default: false },
      'expires-in': { type: 'string', default: '3600' },
    },
  })
  const { sub, email, name, admin } = values
  const expiresIn = Number(values['expires-in'])
  if (!sub || !email) throw new SettingsError('token needs --sub and --email')
  if (!isEmailAddress(email)) throw new SettingsError(`--email ${email} is not an e-mail address`)
  if (!Number.isSafeInteger(expiresIn) || expiresIn < 1 || expiresIn > MAX_LIFETIME)
    throw new SettingsError(`--expires-in takes a number of seconds, ${MAX_LIFETIME} at most`)
  const audience = admin ? AUDIENCE.admin : AUDIENCE.user
  console.log(await tokens(settings().secret).sign({ sub, email, name }, { audience, expiresIn }))
}
