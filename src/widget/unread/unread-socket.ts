// The socket of one chat whose panel is closed. It comes back as the full client's does, and leaves all else to that one.
import { age } from '../../client/connection/age.ts'
import { isOffline, onOffline } from '../../client/connection/attention.ts'
import { createBackoff, type Backoff } from '../../client/connection/backoff.ts'
import { parseFrame, type ServerFrame } from '../../client/connection/cable-frames.ts'
import { cableUrl } from '../../client/connection/cable-url.ts'
import { openSocket } from '../../client/connection/open-socket.ts'
import { CHAT_CHANNEL, chatStream, type StreamPosition } from '../../protocol/cable.ts'
import type { ChatChannelMessage } from '../../protocol/events.ts'
import { BEAT, LOOK_AT_SOCKET, SOCKET_SILENCE } from '../../protocol/timing.ts'

export interface UnreadSocketOptions {
  /** Absolute URL of the mount point */
  base: string
  token: () => Promise<string | null>
  /** Another token after one was refused; null when there is none */
  freshToken: () => Promise<string | null>
  person: () => string | null
  chatId: () => string
  /** Up to where the chat is known; asked whenever the server is asked for what follows */
  position: () => StreamPosition
  heard: (event: ChatChannelMessage) => void
  /** Loads the chat, then calls `resume` */
  load: () => void
  /** The server answers requests, but no socket gets through. It goes on trying */
  blocked: () => void
  /** The server lets nobody in with these credentials, or not into this chat. It has stopped */
  refused: () => void
  backoff?: Backoff
}

export interface UnreadSocket {
  /** Connected, and the last frame is no older than about one ping interval */
  readonly fresh: boolean
  /** This is no short interruption */
  readonly down: boolean
  /** The server has answered a request: asks for what follows the position, or connects at once */
  resume(): void
  /** The network may be back: connects now, or checks that the socket is still alive */
  nudge(): void
  close(): void
}

export function openUnreadSocket(options: UnreadSocketOptions): UnreadSocket {
  const { base, token, freshToken, person, chatId, position, heard, load, blocked, refused } = options
  const { backoff = createBackoff() } = options
  let socket: WebSocket | null = null
  let isClosed = false
  let isWelcome = false
  let isSubscribed = false
  /** What follows the position is on its way */
  let isResuming = false
  /** Once per outage: a host whose new token is refused too must not be asked in a loop */
  let isRefreshed = false
  /** A request was answered since a socket last worked */
  let isAnswered = true
  let lastFrame = 0
  let retry: ReturnType<typeof setTimeout> | undefined

  function send(command: string): void {
    const id = chatId()
    const identifier = JSON.stringify({ channel: CHAT_CHANNEL, chat_id: id })
    const history = { streams: { [chatStream(id)]: position() } }
    isResuming = true
    if (socket?.readyState === 1) socket.send(JSON.stringify({ command, identifier, history }))
  }

  function connect(): void {
    clearTimeout(retry)
    retry = undefined
    // Another call may have waited for the same token, and has counted this as one try
    token()
      .then(dial)
      .catch(() => retry ?? lost())
  }
  function dial(jwt: string | null): void {
    if (socket || isClosed || retry !== undefined) return
    const dialled = (socket = openSocket(cableUrl(base), person(), jwt))
    lastFrame = Date.now()
    dialled.onmessage = ({ data }) => {
      if (dialled !== socket) return
      lastFrame = Date.now()
      const frame = parseFrame(data)
      if (frame) receive(frame)
    }
    dialled.onclose = () => dialled === socket && lost()
  }

  function receive({ type, message, reason, reconnect, retry_after }: ServerFrame): void {
    if (type === 'welcome') {
      isWelcome = true
      isRefreshed = isAnswered = false
      backoff.reset()
      send('subscribe')
    } else if (type === 'confirm_subscription') isSubscribed = true
    else if (type === 'confirm_history') isResuming = false
    else if (type === 'reject_history') {
      isResuming = false
      load()
    } else if (type === 'reject_subscription') stop()
    else if (type === 'disconnect') {
      if (reconnect !== false) lose(retry_after)
      else if (isRefreshed || (reason !== 'unauthorized' && reason !== 'token_expired')) stop()
      else {
        isRefreshed = true
        drop()
        // It may name somebody else, which the answer to a request says
        freshToken().then((fresh) => (fresh === null ? stop() : load()), lost)
      }
    } else if (type === undefined && message !== undefined) heard(message as ChatChannelMessage)
  }

  /** @param within as in `Backoff.next` */
  function lose(within?: number): void {
    drop()
    if (isClosed) return
    clearTimeout(retry)
    retry = setTimeout(connect, backoff.next(within))
    if (!backoff.down || isOffline()) return
    if (isAnswered) blocked()
    else load()
  }
  const lost = (): void => lose()

  function checkStale(): void {
    if (!socket || age(lastFrame) <= SOCKET_SILENCE) return
    // Neither a welcome nor a refusal came: that counts as two
    if (!isWelcome) backoff.next()
    lost()
  }
  function drop(): void {
    const dropped = socket
    socket = null
    isWelcome = isSubscribed = isResuming = false
    dropped?.close()
  }
  function stop(): void {
    if (isClosed) return
    close()
    refused()
  }
  function close(): void {
    isClosed = true
    drop()
    clearTimeout(retry)
    clearInterval(watch)
    forget()
  }

  const watch = setInterval(checkStale, LOOK_AT_SOCKET)
  const forget = onOffline(() => socket && lost())
  connect()

  return {
    get fresh() {
      return isWelcome && age(lastFrame) < BEAT + 1_000
    },
    get down() {
      return backoff.down
    },
    resume() {
      if (isSubscribed && !isResuming) send('history')
      if (socket || isClosed) return
      isAnswered = true
      connect()
    },
    nudge() {
      isRefreshed &&= !!socket
      if (socket) checkStale()
      else connect()
    },
    close,
  }
}
