// An app of somebody, in React: what a test wants to see is chosen by the address.
import { MessageComposer, MessageList, SupportChat, useSupportChat, type UseSupportChat } from 'deskbell/react'
import type { DeskbellChatElement } from 'deskbell/element'
import { startTransition, StrictMode, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'

/** What the test reads and calls */
export interface Scene {
  support?: UseSupportChat
  replies: string[]
  rendered: number
  /** Of all rendered at once that should be the same: what was not */
  torn: string[]
  set: (state: SceneState) => void
  element?: DeskbellChatElement | null
}
export interface SceneState {
  count: number
  token?: string | null
}

declare global {
  interface Window {
    scene: Scene
  }
}

const SERVER = '/support'

function Chat({ token }: { token?: string | null | undefined }): ReactNode {
  const support = useSupportChat({
    server: SERVER,
    token,
    onReply: ({ content }) => window.scene.replies.push(content),
  })
  const { chat, connected, loading, sendMessage, pending, unreadCount, typing, status } = support
  useEffect(() => {
    window.scene.support = support
    window.scene.rendered++
  })
  return (
    <section>
      <p id="state">{`${status} ${loading ? 'loading' : 'loaded'} ${connected ? 'connected' : 'away'}`}</p>
      <p id="unread">{unreadCount}</p>
      <p id="typing">{typing ? `${typing.name} is typing` : ''}</p>
      <ul>
        {chat?.messages.map((message) => (
          <li key={message.id}>{`${message.sender_type}: ${message.content}`}</li>
        ))}
        {pending.map((message) => (
          <li key={message.client_id} className="pending">
            {message.content}
          </li>
        ))}
      </ul>
      <button onClick={() => sendMessage('By a click')}>Send</button>
    </section>
  )
}

const Badge = (): ReactNode => <b className="badge">{useSupportChat({ server: SERVER }).unreadCount}</b>

/** Takes its time to render, so that a change arrives in between */
function Slow(): ReactNode {
  const { chat } = useSupportChat({ server: SERVER })
  const until = performance.now() + 4
  while (performance.now() < until);
  return <i className="slow">{chat?.messages.length ?? 0}</i>
}
function SlowOnes({ count }: { count: number }): ReactNode {
  useLayoutEffect(() => {
    const seen = [...document.querySelectorAll('.slow')].map(({ textContent }) => textContent)
    if (new Set(seen).size > 1) window.scene.torn.push(seen.join())
  })
  return Array.from({ length: count }, (_, n) => <Slow key={n} />)
}

function OwnDrawing(): ReactNode {
  const support = useSupportChat({ server: SERVER })
  return (
    <main>
      <style>{'.list { height: 200px; overflow: auto } .list p { margin: 0; height: 30px }'}</style>
      <h1>Help</h1>
      <MessageList support={support} label="Messages" className="list" />
      <MessageComposer support={support} label="Message" className="composer" placeholder="Write to us">
        <button>Send</button>
      </MessageComposer>
    </main>
  )
}

function Element({ count }: SceneState): ReactNode {
  const element = useRef<DeskbellChatElement>(null)
  useEffect(() => {
    window.scene.element = element.current
  })
  if (count === 0) return null
  return (
    <SupportChat ref={element} server={SERVER} heading={`Heading ${count}`} getToken={() => Promise.resolve(null)} />
  )
}

const SCENES: Record<string, (state: SceneState) => ReactNode> = {
  chat: ({ count, token }) => (
    <StrictMode>
      {count > 0 && <Chat token={token} />}
      {Array.from({ length: count - 1 }, (_, n) => (
        <Badge key={n} />
      ))}
    </StrictMode>
  ),
  tearing: ({ count }) => <SlowOnes count={count} />,
  drawing: () => <OwnDrawing />,
  element: (state) => (
    <StrictMode>
      <Element {...state} />
    </StrictMode>
  ),
  hydration: () => (
    <StrictMode>
      <Chat />
      <OwnDrawing />
      <SupportChat server={SERVER} heading="Hello" accent="#063" />
    </StrictMode>
  ),
}

export function App({ scene, state }: { scene: string; state: SceneState }): ReactNode {
  const [now, set] = useState(state)
  useEffect(() => {
    window.scene.set = (next) => startTransition(() => set(next))
  }, [])
  return SCENES[scene]?.(now)
}

if (typeof window !== 'undefined') {
  const query = new URLSearchParams(location.search)
  const scene = query.get('scene') ?? ''
  const root = document.getElementById('root')
  window.scene = { replies: [], rendered: 0, torn: [], set: () => undefined }
  const state = { count: Number(query.get('count') ?? 1), token: query.get('token') }
  const app = <App scene={scene} state={state} />
  if (root?.hasChildNodes()) hydrateRoot(root, app)
  else if (root) createRoot(root).render(app)
}
