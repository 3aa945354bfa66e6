// What lies between people and the server, checked from outside, through PUBLIC_URL.
import { ERRORS, type Problem } from '../../protocol/errors.ts'
import { AUDIENCE, tokens } from '../../server/people/token.ts'
import type { Examination } from '../../standalone/doctor-route.ts'
import type { Settings } from '../../standalone/settings.ts'
import { VERSION } from '../../standalone/version.ts'
import { note, ok, reasonOf, wrong, type Finding } from './finding.ts'

const PATIENCE = 5_000
/** An address reserved for documentation (RFC 5737), so that we recognize our own header */
const OURS = '192.0.2.77'

export interface Reached {
  findings: Finding[]
  /** Undefined: the server was not reached, so nothing else can be checked */
  seen?: Examination
}

/** @param epoch of the database in the settings; undefined: not known */
export async function checkPublicUrl({ publicUrl, secret }: Settings, epoch: string | undefined): Promise<Reached> {
  const token = await tokens(secret).sign({ sub: 'doctor' }, { audience: AUDIENCE.doctor, expiresIn: 60 })
  const failed = (text: string): Reached => ({ findings: [wrong('PUBLIC_URL', text)] })
  let response: Response
  try {
    response = await fetch(`${publicUrl}/doctor`, {
      headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': OURS },
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    })
  } catch (error) {
    return failed(`${publicUrl} cannot be reached: ${reasonOf(error)}. Does the server run, and is that its address?`)
  }
  const location = response.headers.get('location')
  if (location !== null) return failed(`${publicUrl} redirects to ${location}: set PUBLIC_URL to that address`)
  const text = await response.text().catch(reasonOf)
  if (response.status === 401 && text.includes(ERRORS.token_signature[1]))
    return failed(`The server at ${publicUrl} has another DESKBELL_SECRET than this`)
  if (response.status === 401 && text.includes(ERRORS.unauthorized[1]))
    return failed(`A proxy before ${publicUrl} drops the header Authorization: let it pass`)
  if (response.status === 503)
    return failed(`${publicUrl} answers 503: the server is starting or stopping, or a proxy does not reach it`)
  if (response.status === 404) return { findings: [await withoutDoctor(publicUrl)] }
  const seen = response.ok ? examination(text) : undefined
  if (!seen) return failed(`${publicUrl} answers (${response.status}), but it is not Deskbell, or an older version`)
  if (seen.version !== VERSION)
    return {
      seen,
      findings: [
        wrong('PUBLIC_URL', `The server runs ${seen.version}, this command is ${VERSION}: restart the server`),
      ],
    }
  if (epoch !== undefined && seen.epoch !== epoch) {
    const what = `The server at ${publicUrl} uses another database than this, or was not restarted after a restore`
    return { seen, findings: [wrong('PUBLIC_URL', what)] }
  }
  return { seen, findings: [ok('PUBLIC_URL', `${publicUrl} is Deskbell ${seen.version}`)] }
}

/** Where there is no examination: Deskbell in somebody's own server, Deskbell at another path, or something else */
async function withoutDoctor(publicUrl: string): Promise<Finding> {
  const check = 'PUBLIC_URL'
  const response = await fetch(`${publicUrl}/support_chat`, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => null)
  const problem = (await response?.json().catch(() => null)) as Partial<Problem> | null
  if (problem?.code === 'unauthorized')
    return note(check, `${publicUrl} is Deskbell in a server of your own: what lies before that is not examined`)
  if (problem?.code === 'not_found' && problem.detail !== undefined)
    return wrong(check, `${publicUrl} leads to another path of the server. It says: ${problem.detail}`)
  return wrong(check, `${publicUrl} answers (404), but it is not Deskbell, or an older version`)
}

function examination(text: string): Examination | undefined {
  try {
    const seen = JSON.parse(text) as Partial<Examination>
    return typeof seen.version === 'string' ? (seen as Examination) : undefined
  } catch {
    return undefined
  }
}

/** Compares what the proxies append to X-Forwarded-For with TRUST_PROXY */
export function checkProxyHeaders({ publicUrl }: Settings, seen: Examination): Finding[] {
  const { trust_proxy: trusted, peer, address } = seen
  const entries = (seen.forwarded_for ?? '').split(',').map((entry) => entry.trim())
  const mine = entries.indexOf(OURS)
  // Proxies append their entries after ours. If ours is gone, a proxy replaced the header
  const hops = mine < 0 ? entries.filter(Boolean).length : entries.length - 1 - mine
  // Deskbell itself has no TLS, so https, these headers or another Host mean that there is a proxy
  const isProxied =
    publicUrl.startsWith('https:') || seen.forwarded_proto !== null || seen.host !== new URL(publicUrl).host
  return [
    hops === 0 && isProxied ? nothingAdded(trusted) : forwardedFor(hops, trusted, peer, address),
    ...forwardedProto(publicUrl, hops, seen),
    ...host(publicUrl, seen),
  ]
}

/** A proxy that does not append to X-Forwarded-For */
function nothingAdded(trusted: number): Finding {
  const what = 'There is a proxy, but it does not append to X-Forwarded-For, so limits count all people as one'
  const how = 'nginx: proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for'
  const trust = trusted === 0 ? '; then set TRUST_PROXY to the number of proxies' : ''
  return wrong('X-Forwarded-For', `${what}: let it (${how})${trust}`)
}

function forwardedFor(hops: number, trusted: number, peer: string | null, address: string | null): Finding {
  const check = 'X-Forwarded-For'
  const proxies = hops === 1 ? 'One proxy adds' : `${hops} proxies add`
  if (hops === trusted) {
    return hops === 0
      ? ok(check, `No proxy adds to it, and none is trusted; this request came from ${peer}`)
      : ok(check, `${proxies} to it, as TRUST_PROXY says; this request came from ${address}`)
  }
  if (hops === 0)
    return wrong(
      check,
      `TRUST_PROXY is ${trusted}, but no proxy adds to it, so people choose their address: set it to 0`,
    )
  return hops > trusted
    ? wrong(check, `${proxies} to it: set TRUST_PROXY to ${hops}, or limits count all people as ${address}`)
    : wrong(check, `${proxies} to it, and TRUST_PROXY is ${trusted}, so people choose their address: set it to ${hops}`)
}

function forwardedProto(publicUrl: string, hops: number, { forwarded_proto: proto }: Examination): Finding[] {
  const expected = new URL(publicUrl).protocol.slice(0, -1)
  if (hops === 0 && proto === null) return []
  if (proto?.split(',')[0]?.trim() === expected) return [ok('X-Forwarded-Proto', expected)]
  return [note('X-Forwarded-Proto', `It is ${proto ?? 'missing'} where people use ${expected}: let the proxy set it`)]
}

function host(publicUrl: string, seen: Examination): Finding[] {
  const expected = new URL(publicUrl).host
  if (seen.host === expected) return []
  return [note('Host', `It arrives as ${seen.host}, not as ${expected}: let the proxy pass it on`)]
}

/** Whether the running server allows the origins in the settings */
export async function checkAllowedOrigins({ publicUrl, allowedOrigins }: Settings): Promise<Finding[]> {
  const refused: string[] = []
  for (const entry of allowedOrigins) {
    const origin = entry.replace(/:\*$/, ':5173').replace(/^(https?:\/\/[^/]+)\/.*$/, '$1')
    const response = await fetch(`${publicUrl}/support_chat`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET' },
      signal: AbortSignal.timeout(PATIENCE),
    }).catch(() => null)
    if (response?.headers.get('access-control-allow-origin') !== origin) refused.push(entry)
  }
  if (allowedOrigins.length === 0) return []
  return [
    refused.length === 0
      ? ok('ALLOWED_ORIGINS', 'The server lets their pages in')
      : wrong(
          'ALLOWED_ORIGINS',
          `Pages of ${refused.join(', ')} are refused: restart the server with it, or let the proxy pass OPTIONS and Origin on`,
        ),
  ]
}
