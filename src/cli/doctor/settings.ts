import { randomUUID } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../../standalone/settings.ts'
import { note, ok, reasonOf, wrong, type Finding } from './finding.ts'

/** A random secret of that length has more different characters */
const FEW = 10
const LOCAL = /^https?:\/\/(localhost|127\.|\[::1\])/

export function checkSecret({ secret: [signs, ...others] }: Settings): Finding {
  for (const [name, secret] of [
    ['DESKBELL_SECRET', signs],
    ...others.map((other) => ['DESKBELL_OTHER_SECRET', other]),
  ] as const) {
    const different = new Set(secret).size
    if (different < FEW)
      return wrong('secret', `${name} has only ${different} different characters. Make one: openssl rand -base64 32`)
  }
  return others.length === 0
    ? ok('secret', `DESKBELL_SECRET has ${signs.length} characters`)
    : note('secret', 'DESKBELL_OTHER_SECRET is accepted too: remove it once nothing that it signed is in use')
}

export function checkDataFolder({ dataDir }: Settings): Finding {
  const file = join(dataDir, `.doctor-${randomUUID()}`)
  try {
    writeFileSync(file, '')
    rmSync(file)
    return ok('data folder', `${dataDir} can be written to`)
  } catch (error) {
    return wrong('data folder', `${dataDir} cannot be written to (${reasonOf(error)}): give it to the server’s user`)
  }
}

/** Checks PUBLIC_URL and ALLOWED_ORIGINS against each other */
export function checkOrigins({ publicUrl, allowedOrigins, production }: Settings): Finding {
  if (production && LOCAL.test(publicUrl))
    return wrong('origins', `PUBLIC_URL is ${publicUrl}: set it to the address that people use`)
  const secure = allowedOrigins.find((origin) => origin.startsWith('https:'))
  if (publicUrl.startsWith('http:') && secure !== undefined && !LOCAL.test(publicUrl))
    return wrong('origins', `Browsers let no page of ${secure} use ${publicUrl}: PUBLIC_URL needs https too`)
  if (production && publicUrl.startsWith('http:'))
    return wrong('origins', `PUBLIC_URL is ${publicUrl}: without https, tokens and sessions can be read on the way`)
  const local = allowedOrigins.find((origin) => LOCAL.test(origin))
  if (production && local !== undefined)
    return note('origins', `ALLOWED_ORIGINS has ${local}, which is for trying things out: leave it out in production`)
  if (production && publicUrl.startsWith('https:') && allowedOrigins.length === 0) {
    const own = new URL(publicUrl).origin
    return note('origins', `Only pages of ${own} may use the chat; for other origins, set ALLOWED_ORIGINS`)
  }
  const others = allowedOrigins.length === 0 ? 'no other origin' : allowedOrigins.join(', ')
  return ok('origins', `Pages of ${new URL(publicUrl).origin} and ${others} may use the chat`)
}
