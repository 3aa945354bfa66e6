import { AUDIENCE, tokens } from '../../server/people/token.ts'
import type { Settings } from '../../standalone/settings.ts'
import { ok, reasonOf, wrong, type Finding } from './finding.ts'

/** Milliseconds. The server sends the first bytes at once, so a proxy that holds them longer buffers them */
const PATIENCE = 3_000
const CHECK = 'Server-Sent Events'
const HOW =
  'nginx: proxy_buffering off, or let it obey X-Accel-Buffering; others: do not compress or buffer text/event-stream'

export async function checkEventStream({ publicUrl, secret }: Settings): Promise<Finding> {
  const claims = { sub: 'deskbell-doctor', email: 'doctor@localhost' }
  const token = await tokens(secret).sign(claims, { audience: AUDIENCE.admin, expiresIn: 60 })
  const gone = new AbortController()
  const timer = setTimeout(() => gone.abort(), PATIENCE)
  let status: number | undefined
  try {
    const response = await fetch(`${publicUrl}/admin/events`, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
      signal: gone.signal,
    })
    status = response.status
    const type = response.headers.get('content-type') ?? ''
    if (!response.ok || !type.startsWith('text/event-stream'))
      return wrong(CHECK, `Answered ${status} (${type || 'no type'}): a proxy does not let the stream pass`)
    const { value } = (await response.body?.getReader().read()) ?? {}
    return value ? ok(CHECK, 'They come as they are sent') : wrong(CHECK, 'The stream ends at once: a proxy closes it')
  } catch (error) {
    if (!gone.signal.aborted) return wrong(CHECK, `The stream breaks: ${reasonOf(error)}`)
    const held = status === undefined ? 'Neither headers nor events come' : 'The headers come, but no events'
    return wrong(CHECK, `${held} within ${PATIENCE / 1000} s: a proxy buffers them. ${HOW}`)
  } finally {
    clearTimeout(timer)
    gone.abort()
  }
}
