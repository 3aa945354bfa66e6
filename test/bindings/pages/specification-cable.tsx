// The hook of the specification's fourth step, line by line, on the library that it is written for.
import { createConsumer } from '@rails/actioncable'
import { StrictMode, useEffect, useRef, useState, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'

interface Message {
  id: string
  content: string
  sender_type: 'user' | 'admin'
  read_at: string | null
}
interface Chat {
  id: string
  messages: Message[]
}

const consumer = createConsumer('/cable')
let sounds = 0

function useSupportChat() {
  const [chat, setChat] = useState<Chat | null>(null)
  const [connected, setConnected] = useState(false)
  const [loading, setLoading] = useState(true)
  const subscription = useRef<ReturnType<typeof consumer.subscriptions.create> | null>(null)
  const seenMessageIds = useRef(new Set<string>())

  useEffect(() => {
    void fetch('/support_chat')
      .then((response) => response.json() as Promise<Chat>)
      .then((data) => {
        setChat(data)
        setLoading(false)
        for (const { id } of data.messages) seenMessageIds.current.add(id)
      })
  }, [])
  useEffect(() => {
    if (!chat?.id) return
    subscription.current = consumer.subscriptions.create(
      { channel: 'ChatChannel', chat_id: chat.id },
      {
        received(data: { type: string; message: Message }) {
          if (data.type !== 'new_message' || seenMessageIds.current.has(data.message.id)) return
          seenMessageIds.current.add(data.message.id)
          setChat((before) => before && { ...before, messages: [...before.messages, data.message] })
          if (data.message.sender_type === 'admin') sounds++
        },
        connected: () => setConnected(true),
        disconnected: () => setConnected(false),
      },
    )
    return () => subscription.current?.unsubscribe()
  }, [chat?.id])

  return {
    chat,
    connected,
    loading,
    sendMessage: (content: string) => subscription.current?.perform('send_message', { content: content.trim() }),
    markAsRead: () => {
      void fetch('/support_chat/mark_read', { method: 'PATCH', headers: { 'X-Requested-With': 'fetch' } })
      const read_at = new Date().toISOString()
      const read = (message: Message): Message => (message.sender_type === 'admin' ? { ...message, read_at } : message)
      setChat((before) => before && { ...before, messages: before.messages.map(read) })
    },
  }
}

function Page(): ReactNode {
  const { chat, connected, loading, sendMessage, markAsRead } = useSupportChat()
  const unread = chat?.messages.filter(({ sender_type, read_at }) => sender_type === 'admin' && read_at === null)
  return (
    <main>
      <p id="connected">{String(connected && !loading)}</p>
      <p id="unread">{unread?.length}</p>
      <p id="sounds">{sounds}</p>
      <ul>
        {chat?.messages.map(({ id, content }) => (
          <li key={id}>{content}</li>
        ))}
      </ul>
      <button onClick={() => sendMessage('By a click ')}>Send</button>
      <button onClick={markAsRead}>Read</button>
    </main>
  )
}

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  )
