// Firebase Realtime Database with what belongs to it: Google's access tokens, its sign-in with custom tokens, writes over REST, and
// the protocol 5 of its client, as far as hints need it. The rules are those of docs/realtime.md.
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import { decodeJwt, jwtVerify, SignJWT } from 'jose'
import type { WebSocket } from 'ws'
import { namedCodeOf } from '../documented-code.ts'
import { startService, type Answer, type ServiceRequest, type TestService } from './service.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

export const FIREBASE_KEY = 'a-public-api-key'
/** The file of a service account */
export const accountAt = ({ origin }: TestService, key: KeyObject = privateKey) => ({
  client_email: 'deskbell@project.iam.example',
  private_key: pemOf(key),
  token_uri: `${origin}/token`,
})
/** The same, as somebody has it who has not its key */
export const forgedAccountAt = (service: TestService) =>
  accountAt(service, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)

const CUSTOM_TOKEN = 'https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit'
const OWN_SECRET = new TextEncoder().encode('with which only this server signs')
const HOUR = 3_600

type Claims = Record<string, unknown>

interface Rules {
  '.read'?: string
  [path: string]: Rules | string | undefined
}

/** As docs/realtime.md shows them. What their expressions are made of, JavaScript has too */
const RULES = (
  JSON.parse(
    namedCodeOf('docs/realtime.md')
      .get('firebase-rules.json')
      ?.replace(/^\/\/.*$/m, '') ?? '{}',
  ) as { rules: Rules }
).rules

/** A rule that allows reading counts for everything below it */
export function mayRead(path: string, auth: Claims | undefined): boolean {
  const token = auth ?? {}
  const scope = { auth: auth ? { token } : null, now: Date.now(), $chat: '' }
  let rules: Rules | undefined = RULES
  for (const name of path.split('/')) {
    if (!rules) return false
    const below: Rules | string | undefined = rules[name] ?? rules['$chat']
    if (rules[name] === undefined) scope.$chat = name
    rules = typeof below === 'object' ? below : undefined
    if (rules?.['.read'] !== undefined && runInNewContext(rules['.read'], scope) === true) return true
  }
  return false
}

const refuse = (status: number, error: string): Answer => ({ status, body: { error } })

export const startFirebase = (): Promise<TestService> =>
  startService((service) => {
    const values = new Map<string, object>()
    const listeners = new Map<string, Set<WebSocket>>()
    const tokens = new Set<string>()

    /** What the service account has signed */
    const signed = (token: string, audience: string) =>
      jwtVerify<{ uid?: string; claims?: Claims; scope?: string }>(token, publicKey, {
        algorithms: ['RS256'],
        issuer: accountAt(service).client_email,
        subject: accountAt(service).client_email,
        audience,
        requiredClaims: ['iat', 'exp'],
        maxTokenAge: HOUR,
      })

    async function giveAccess({ body }: ServiceRequest): Promise<Answer> {
      try {
        const { payload } = await signed(new URLSearchParams(body).get('assertion') ?? '', `${service.origin}/token`)
        if (!payload.scope?.includes('auth/firebase.database')) return refuse(400, 'invalid_scope')
      } catch {
        return refuse(401, 'invalid_grant')
      }
      const access_token = `ya29.${tokens.size}`
      tokens.add(access_token)
      return { status: 200, body: { access_token, expires_in: HOUR, token_type: 'Bearer' } }
    }

    /** As the client's sign-in wants it: a token of the service's own, with the claims in it */
    async function signIn({ body, query }: ServiceRequest): Promise<Answer> {
      if (query.get('key') !== FIREBASE_KEY) return refuse(400, 'API key not valid')
      try {
        const { token } = JSON.parse(body) as { token: string }
        const { payload } = await signed(token, CUSTOM_TOKEN)
        const idToken = await new SignJWT({ ...payload.claims, user_id: payload.uid })
          .setProtectedHeader({ alg: 'HS256' })
          .setIssuedAt()
          .setExpirationTime(`${HOUR}s`)
          .sign(OWN_SECRET)
        return { status: 200, body: { idToken, refreshToken: 'again', expiresIn: String(HOUR), isNewUser: true } }
      } catch {
        return { status: 400, body: { error: { code: 400, message: 'INVALID_CUSTOM_TOKEN' } } }
      }
    }

    async function signedIn(idToken: string): Promise<Claims | undefined> {
      const known = await jwtVerify<Claims>(idToken, OWN_SECRET).catch(() => undefined)
      return known?.payload
    }

    function lookUp({ body }: ServiceRequest): Answer {
      const { idToken } = JSON.parse(body) as { idToken: string }
      return { status: 200, body: { users: [{ localId: decodeJwt(idToken)['user_id'] }] } }
    }

    function write({ body }: ServiceRequest): Answer {
      for (const [path, { at: _now, ...data }] of Object.entries(JSON.parse(body) as Record<string, Claims>)) {
        const value = { ...data, at: Date.now() }
        values.set(path, value)
        service.published.push({ channel: path, event: 'new-message', data })
        for (const socket of listeners.get(path) ?? []) service.deliver(() => tell(socket, path, value))
      }
      return { status: 204 }
    }

    const send = (socket: WebSocket, t: 'c' | 'd', d: object): void => socket.send(JSON.stringify({ t, d }))
    const tell = (socket: WebSocket, path: string, value: object | null): void =>
      send(socket, 'd', { a: 'd', b: { p: path, d: value } })

    function connect(socket: WebSocket): void {
      let auth: Claims | undefined
      send(socket, 'c', { t: 'h', d: { ts: Date.now(), v: '5', h: `${service.host}:${service.port}`, s: 'session' } })
      socket.on('close', () => {
        for (const sockets of listeners.values()) sockets.delete(socket)
      })
      async function answer(text: string): Promise<void> {
        // It keeps the connection alive
        if (text === '0') return
        const { d } = JSON.parse(text) as { d: { r: number; a: string; b: { cred?: string; p?: string } } }
        const path = (d.b.p ?? '').replace(/^\//, '')
        const reply = (s: string, data: object | string = ''): void => send(socket, 'd', { r: d.r, b: { s, d: data } })
        if (d.a === 'auth') {
          auth = await signedIn(d.b.cred ?? '')
          // The rules are asked again for what is listened to
          for (const [path, sockets] of listeners)
            if (sockets.has(socket) && !mayRead(path, auth)) {
              sockets.delete(socket)
              send(socket, 'd', { a: 'c', b: { p: path } })
            }
          return auth ? reply('ok', { auth }) : reply('invalid_token')
        }
        if (d.a === 'q') {
          if (!mayRead(path, auth)) return reply('permission_denied', 'Permission denied')
          listeners.set(path, (listeners.get(path) ?? new Set()).add(socket))
          tell(socket, path, values.get(path) ?? null)
          return reply('ok', {})
        }
        if (d.a === 'n') listeners.get(path)?.delete(socket)
        reply('ok')
      }

      // In their order: a client asks to listen before it knows that it is signed in
      let answered = Promise.resolve()
      socket.on('message', (message: Buffer) => {
        answered = answered.then(() => answer(message.toString()))
      })
    }

    return {
      handle(request) {
        const { method, path, headers } = request
        if (path === '/token') return giveAccess(request)
        if (path.endsWith('/accounts:signInWithCustomToken')) return signIn(request)
        if (path.endsWith('/accounts:lookup')) return lookUp(request)
        if (!tokens.has(headers.authorization?.replace('Bearer ', '') ?? ''))
          return refuse(401, 'Unauthorized request.')
        if (method === 'PATCH' && path === '/.json' && request.query.get('print') === 'silent') return write(request)
        return method === 'GET' && path.endsWith('.json') ? { status: 200, body: 'null' } : refuse(404, 'Not found')
      },
      connect,
    }
  })
