// The chat of the signed-in person. It is live while somebody listens, and starts over when somebody else signs in. For bindings
// to frameworks, and for pages without one.
import type { SupportMessage } from '../../protocol/types.ts'
import { Api } from '../api.ts'
import { Cable } from '../connection/cable.ts'
import { cableUrl } from '../connection/cable-url.ts'
import { createCredentials, type CredentialOptions } from '../connection/credentials.ts'
import { createSession } from '../connection/session.ts'
import { browserStorage } from '../storage.ts'
import { orVisitor, visitorKey } from './or-visitor.ts'
import { Conversation } from '../conversation/conversation.ts'
import { DEFAULT_SERVER, mountPoint } from '../mount-point.ts'
import { LiveListeners } from '../live-listeners.ts'
import { INITIAL, SIGNED_OUT, userChatState, type UserChatState } from './user-chat-state.ts'

export interface UserChatOptions extends CredentialOptions {
  /** URL of the mount point, which may be relative to the page; `/support` unless given */
  server?: string | undefined
}

export interface UserChat {
  /** An immutable snapshot; a new object after every change, and the same one in between */
  readonly state: UserChatState
  /**
   * Calls `listener` after every change. The first listener opens the connection; a second after the last one has gone, it is
   * closed and the state is dropped.
   * @returns a function that ends it
   */
  subscribe(listener: () => void): () => void
  /** Calls `listener` for each new message of staff. @returns a function that ends it */
  onReply(listener: (message: SupportMessage) => void): () => void
  /**
   * How to sign in: by a token, or else by the page's cookie. Of several, the newest counts.
   * @returns a function that takes it back
   */
  signIn(credentials: CredentialOptions): () => void
  /** @returns false when it was not taken, because it has no text, or nobody knows yet whose it is */
  sendMessage(content: string): boolean
  /** Marks all messages of staff as read that are loaded */
  markAsRead(): void
  /** Sends a pending message that failed once more */
  retry(clientId: string): void
  /** Drops a pending message */
  discard(clientId: string): void
  /** Tells staff that the user is typing. Call it with each key press; it ends by itself */
  setTyping(typing: boolean): void
  /** Never rejects: `hasMore` stays when it did not work */
  loadOlder(): Promise<void>
  /** Loads again at once. Never rejects: see `status` */
  reload(): Promise<void>
  /**
   * The person signs out: drops the chat, and what this browser keeps of it. It begins anew with another token, or by
   * `reload()`. Can be called any number of times.
   */
  reset(): void
}

const hasToken = ({ token, getToken }: CredentialOptions): boolean => token != null || getToken != null

/**
 * @example
 * const chat = createUserChat({ server: '/support' })
 * const stop = chat.subscribe(() => render(chat.state))
 * chat.sendMessage('Hello')
 */
export function createUserChat({ server = DEFAULT_SERVER, token, getToken }: UserChatOptions = {}): UserChat {
  const replyListeners = new Set<{ call: (message: SupportMessage) => void }>()
  const signedIn: CredentialOptions[] = [{ token, getToken }].filter(hasToken)
  let state = INITIAL
  let life: Life | null = null
  /** Of the life, or of the one that `reset` ended */
  let used: CredentialOptions = {}
  let isSignedOut = false
  const listeners = new LiveListeners({
    added: settle,
    left() {
      end()
      isSignedOut = false
      used = {}
      state = INITIAL
    },
  })

  function show(next: UserChatState): void {
    if (next === state) return
    state = next
    listeners.call()
  }

  /** For whoever is signed in now; nothing of anybody before stays */
  function begin(): void {
    life?.end()
    show(INITIAL)
    const mine: Life = (life = beginLife({
      server,
      credentials: used,
      changed: () => life === mine && show(userChatState(mine.conversation.state, state)),
      replaced: () => life === mine && begin(),
      onReply: (message) => {
        for (const { call } of replyListeners) call(message)
      },
    }))
    mine.open()
  }
  function end(): void {
    life?.end()
    life = null
  }

  /** Brings the connection into line with who listens and who is signed in */
  function settle(): void {
    if (!listeners.any) return
    const before = used
    used = signedIn.at(-1) ?? {}
    const isNews = (used.token ?? null) !== (before.token ?? null) || hasToken(used) !== hasToken(before)
    if (!life) {
      if (isSignedOut && !isNews) return
      isSignedOut = false
      return begin()
    }
    // The cookie may be of somebody else than the token was
    if (hasToken(before) && !hasToken(used)) return begin()
    life.credentials.replace(used)
    if (isNews) life.open()
  }
  /** After the other effects of the same rendering, which may take back and give again */
  const settleSoon = (): void => queueMicrotask(settle)

  return {
    get state() {
      return state
    },
    subscribe: (listener) => listeners.add(listener),
    onReply(listener) {
      const entry = { call: listener }
      replyListeners.add(entry)
      return () => void replyListeners.delete(entry)
    },
    signIn(credentials) {
      const own = { ...credentials }
      signedIn.push(own)
      settleSoon()
      return () => {
        const at = signedIn.indexOf(own)
        if (at >= 0) signedIn.splice(at, 1)
        settleSoon()
      }
    },
    sendMessage: (content) => life?.conversation.send(content) ?? false,
    markAsRead: () => life?.conversation.markRead(),
    retry: (clientId) => life?.conversation.retry(clientId),
    discard: (clientId) => life?.conversation.discard(clientId),
    setTyping: (typing) => life?.conversation.setTyping(typing),
    loadOlder: async () => life?.conversation.loadOlder(),
    async reload() {
      isSignedOut = false
      if (life) await life.conversation.open()
      else settle()
    },
    reset() {
      browserStorage.set(visitorKey(mountPoint(server)), null)
      const { conversation } = life ?? {}
      end()
      conversation?.forget()
      // Without a view, the next one begins anew anyway
      isSignedOut = listeners.any
      show(isSignedOut ? SIGNED_OUT : INITIAL)
    },
  }
}

/** The connection and the conversation of one person */
interface Life {
  readonly conversation: Conversation
  readonly credentials: ReturnType<typeof createCredentials>
  /** Also again, with other credentials */
  open(): void
  end(): void
}

interface LifeOptions {
  server: string
  credentials: CredentialOptions
  changed: () => void
  /** Another person is signed in now */
  replaced: () => void
  onReply: (message: SupportMessage) => void
}

function beginLife({ server, credentials: options, changed, replaced, onReply }: LifeOptions): Life {
  const credentials = createCredentials(options)
  const base = mountPoint(server)
  const orNobody = orVisitor(credentials, base, () => conversation)
  const session = createSession(orNobody)
  const api = new Api({ base, session })
  const cable = new Cable({ url: cableUrl(api.base), session })
  const conversation = new Conversation({ api, cable, role: 'user', onReply })
  const undo = [conversation.subscribe(changed), session.onChange(() => session.replaced && replaced())]
  return {
    conversation,
    credentials,
    open() {
      cable.open()
      void conversation.open()
    },
    end() {
      for (const step of undo) step()
      orNobody.end()
      conversation.close()
      cable.close()
    },
  }
}
