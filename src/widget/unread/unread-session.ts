// The chunk that the launcher loads for people who have a chat, until they open the panel: it keeps the badge and the card right, and rings.
// It holds a socket and no conversation. Where more is needed, the panel's chunk takes over.
import { asking } from '../../client/connection/asking.ts'
import { onAttention } from '../../client/connection/attention.ts'
import { browserStorage } from '../../client/storage.ts'
import type { ChatChannelMessage } from '../../protocol/events.ts'
import { PERSON_HEADER } from '../../protocol/person.ts'
import { ANSWER_WITHIN, POLL_EVERY } from '../../protocol/timing.ts'
import type { SupportChat } from '../../protocol/types.ts'
import { onCard } from '../card.ts'
import type { CreatePanelSession, PanelSession } from '../contract.ts'
import { createUnreadCount } from './unread-count.ts'
import { openUnreadSocket, type UnreadSocket } from './unread-socket.ts'

/** By then the panel's own socket is there, so that nothing arrives unheard between the two, and nobody is seen to leave */
const PANEL_CONNECTS = 5_000

export const create: CreatePanelSession = (host) => {
  const { base } = host
  const token = asking(() => host.currentToken())
  const freshToken = asking(() => host.freshToken())
  /** A `personTag`; null until an answer has named them */
  let person: string | null = null
  let isByCookie = false
  let panel: PanelSession | undefined
  let socket: UnreadSocket | undefined
  let chatId = ''
  let loading: Promise<void> | undefined
  let isOutdated = true
  let needsPanel = false
  /** Nothing more is asked, or heard */
  let isOver = false

  const unread = createUnreadCount(({ id }) => {
    // If the chunk does not load, there is no sound
    void import('../sound.ts').then(({ ring }) => ring(id, browserStorage)).catch(() => undefined)
  })
  function show(): void {
    if (!panel) host.unread(unread.count, onCard(unread.newest))
  }
  /** Of this tab or of another one that is gone */
  const isUnsent = (): boolean => !!browserStorage.get(`deskbell:outbox:${base}:${person}:`)

  /** Its chunk may not load: then the next tick tries again */
  function callPanel(): void {
    needsPanel = true
    void host.start().catch(() => undefined)
  }
  function giveUp(): void {
    leave()
    callPanel()
  }
  function leave(): void {
    isOver = true
    socket?.close()
  }

  /** @returns what the server answered; undefined when there is nothing to be made of it */
  async function ask(path: string): Promise<Response | undefined> {
    const request = (jwt: string | null): Promise<Response> => {
      isByCookie = jwt === null
      return fetch(`${base}support_chat${path}`, {
        headers: {
          ...(jwt !== null && { Authorization: `Bearer ${jwt}` }),
          ...(person !== null && { [PERSON_HEADER]: person }),
        },
        credentials: isByCookie ? 'include' : 'omit',
        cache: 'no-store',
        signal: AbortSignal.timeout(ANSWER_WITHIN),
      })
    }
    let response = await request(await token())
    if (response.status === 401) {
      // A host that has no token to give may say so by a rejection
      const fresh = await freshToken().catch(() => null)
      if (fresh !== null) response = await request(fresh)
    }
    const { ok, status, headers } = response
    const named = headers.get(PERSON_HEADER)
    if (isOver) return undefined
    if (named !== null && named !== (person ??= named)) {
      if (!panel) host.unread(0, null)
    } else if (ok) return response
    else if (status === 408 || status === 429 || status >= 500) return undefined
    // Nobody is signed in, or somebody else
    giveUp()
    return undefined
  }
  function load(): void {
    if (isOver) return
    isOutdated = true
    loading ??= loadOnce()
      .catch(() => undefined)
      .finally(() => (loading = undefined))
  }
  async function loadOnce(): Promise<void> {
    const response = await ask(`?page=${encodeURIComponent(location.origin + location.pathname)}`)
    if (!response) return
    const chat = (await response.json()) as SupportChat
    if (isOver) return
    // It listens to a service, or the database was restored
    if (chat.realtime || (chatId && chatId !== chat.id)) return giveUp()
    isOutdated = false
    chatId = chat.id
    unread.load(chat)
    show()
    if (isUnsent()) callPanel()
    if (socket) socket.resume()
    else
      socket = openUnreadSocket({
        base,
        token,
        freshToken,
        person: () => person,
        chatId: () => chatId,
        position: () => unread.position,
        heard,
        load,
        blocked: callPanel,
        refused: giveUp,
      })
  }
  function heard(event: ChatChannelMessage): void {
    if (event.type === 'new_message') {
      if (!unread.add(event.message)) socket?.resume()
    } else if (event.type === 'messages_read' && event.reader === 'user' && !unread.read(event.up_to_seq)) load()
    show()
  }

  function look(): void {
    if (needsPanel || isUnsent()) callPanel()
    if (isOutdated || socket?.down) load()
  }
  function wake(): void {
    if (isOver) return
    socket?.nudge()
    if (!socket?.fresh) load()
    // Another tab may have changed the cookie
    else if (isByCookie) void ask('/unread').catch(() => undefined)
  }

  const tick = setInterval(look, POLL_EVERY)
  const forget = onAttention(wake)
  function rest(): void {
    clearInterval(tick)
    forget()
  }
  load()

  return {
    get person() {
      return panel?.person ?? person
    },
    take(createPanel) {
      if (panel || createPanel === create) return
      panel = createPanel(host)
      rest()
      setTimeout(leave, PANEL_CONNECTS)
    },
    open: () => panel?.open(),
    close: () => panel?.close(),
    update(mayBeSignedIn) {
      if (panel) panel.update(mayBeSignedIn)
      else if (mayBeSignedIn) load()
    },
    destroy() {
      rest()
      leave()
      panel?.destroy()
    },
  }
}
