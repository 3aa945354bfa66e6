// The token of somebody without an account: made here, kept once they have written, and given up for an account. Loaded on demand.
import type { PERSON_HEADER } from '../../protocol/person.ts'
import { ANSWER_WITHIN } from '../../protocol/timing.ts'
import { VISITOR_TOKEN_PREFIX, VISITORS_HEADER } from '../../protocol/visitor.ts'
import type { Credentials } from '../connection/credentials.ts'
import type { Conversation } from '../conversation/conversation.ts'
import type { KeyValue } from '../storage.ts'

export interface VisitorOptions {
  own: Credentials
  /** Absolute URL of the mount point */
  base: string
  /** Where the storage has the token, and the person whom the server knows by it */
  key: string
  storage: KeyValue
  conversation: () => Conversation
}

export interface Visitor {
  /** Null: nobody is a visitor now */
  readonly token: string | null
  /** Called after a refusal. @returns a token; null after that of a visitor was refused: it is of no more use */
  renew(): Promise<string | null>
  end(): void
}

/** Not imported: with its module, the panel would have to load one more file */
const PERSON: typeof PERSON_HEADER = 'Deskbell-Person'

/** Finds out first whether the visitor whom the storage knows has signed in, and if so, gives what they wrote to their account. */
export async function arrive(options: VisitorOptions): Promise<Visitor> {
  const { key, storage, conversation } = options
  let token = await knownToken(options)
  const stored = (): string | null => storage.get(key)?.split(' ')[0] ?? null
  const shared = sharedToken(key)

  /** Before the first message leaves, so that a reload in that moment loses nobody. Another tab may have been faster */
  function keep(): void {
    const { pending, person } = conversation().state
    if (token === null || pending.length === 0 || storage.get(key)) return
    storage.set(key, `${token} ${person ?? ''}`)
    shared.withdraw(token)
  }
  /** Another tab has made this browser's visitor, or given them up. The answer to the next request says who it is now */
  function hear(event: StorageEvent): void {
    if (event.key !== key || stored() === token) return
    token = stored()
    void conversation().open()
  }
  const unsubscribe = conversation().subscribe(keep)
  addEventListener('storage', hear)

  return {
    get token() {
      return token
    },
    async renew() {
      if (token === null) return (token = await shared.take(stored))
      if (stored() === token) storage.set(key, null)
      shared.leave()
      return (token = null)
    },
    end() {
      shared.leave()
      unsubscribe()
      removeEventListener('storage', hear)
    },
  }
}

/** The stored token, if it is that of a visitor still */
async function knownToken({ own, base, key, storage }: VisitorOptions): Promise<string | null> {
  const known = storage.get(key)
  if (known === null) return null
  const [token = '', person = ''] = known.split(' ')
  let response = await offer(base, await own.get(), token)
  if (response.status === 401) {
    const fresh = await own.refresh(response).catch(() => null)
    if (fresh !== null) response = await offer(base, fresh, token)
  }
  const { ok, status, headers } = response
  if (ok) moveOutbox(storage, base, person, headers.get(PERSON) ?? '')
  // Only another program could have left there what is no token
  if (ok || status === 400) storage.set(key, null)
  return status === 401 && headers.has(VISITORS_HEADER) ? token : null
}

const offer = (base: string, mine: string | null, token: string): Promise<Response> =>
  fetch(`${base}support_chat/visitor`, {
    method: 'POST',
    headers: {
      Accept: 'application/json',
      'Content-Type': 'application/json',
      'X-Requested-With': 'deskbell',
      ...(mine !== null && { Authorization: `Bearer ${mine}` }),
    },
    credentials: mine === null ? 'include' : 'omit',
    body: JSON.stringify({ token }),
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  })

/** What was not sent yet goes out under the account. Where it was stored before, its `client_id` is there too */
function moveOutbox(storage: KeyValue, base: string, from: string, to: string): void {
  const [source, target] = [`deskbell:outbox:${base}:${from}:`, `deskbell:outbox:${base}:${to}:`] as const
  const items = storage.get(source)
  if (items === null) return
  const before = storage.get(target)
  storage.set(target, before === null ? items : `${before.slice(0, -1)},${items.slice(1)}`)
  storage.set(source, null)
}

interface SharedToken {
  /** @returns the stored token; else the token of another tab in which nobody has written yet; else a new one */
  take(stored: () => string | null): Promise<string>
  /** This tab no longer uses it */
  leave(): void
  /** It is stored now, so no tab may take it from another one: there it would outlive a sign-out */
  withdraw(token: string): void
}

/**
 * Gives all tabs in which somebody may write their first message the same token, before anything is stored. The token is the name of a
 * lock, which the browser releases with the tab. A page without HTTPS has no locks; there, each tab has a token of its own.
 */
function sharedToken(key: string): SharedToken {
  const locks = (navigator as Partial<Navigator>).locks
  const prefix = `${key} `
  const ignore = (): undefined => undefined
  let leave = ignore as () => void

  const hold = (name: string): Promise<void> =>
    new Promise((held) => {
      const left = new Promise<void>((resolve) => (leave = resolve))
      const use = (): Promise<void> => {
        held()
        return left
      }
      locks?.request(name, { mode: 'shared' }, use).catch(held)
    })

  return {
    async take(stored) {
      if (!locks) return stored() ?? newToken()
      // One tab after the other
      return locks.request(key, async () => {
        const known = stored()
        if (known !== null) return known
        const names = ((await locks.query()).held ?? []).map(({ name = '' }) => name)
        const token = names.find((name) => name.startsWith(prefix))?.slice(prefix.length) ?? newToken()
        await hold(prefix + token)
        // Somebody may have written meanwhile, and then `withdraw` came too early for this tab
        const written = stored()
        if (written !== null) leave()
        return written ?? token
      })
    },
    leave: () => leave(),
    withdraw: (token) => void locks?.request(prefix + token, { steal: true }, ignore).catch(ignore),
  }
}

function newToken(): string {
  const bits = String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))
  return VISITOR_TOKEN_PREFIX + btoa(bits).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
}
