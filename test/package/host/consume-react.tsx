/** @jsxImportSource react */
// What somebody's React app says to `deskbell/react`; it is compiled, not run.
import {
  MessageComposer,
  MessageList,
  SupportChat,
  useSupportChat,
  type DeskbellChatElement,
  type ListedMessage,
  type UseSupportChat,
} from 'deskbell/react'
import { useRef, type ReactNode } from 'react'

const describe = ({ status, sender, message }: ListedMessage): ReactNode =>
  status === 'sent' ? `${sender} ${message.seq}` : `${status} ${message.reason ?? ''}`

export function Chat({ token }: { token?: string }): ReactNode {
  const support: UseSupportChat = useSupportChat({ server: '/support', token, onReply: ({ content }) => void content })
  const { chat, connected, loading, pending, unreadCount, typing, error } = support
  const failed = pending.find(({ status }) => status === 'failed')
  return (
    <section aria-busy={loading} title={typing?.name ?? error?.code}>
      {connected && chat?.messages.map(({ id, content }) => <p key={id}>{content}</p>)}
      {unreadCount > 9 ? '9+' : unreadCount}
      {failed && <button onClick={() => support.retry(failed.client_id)}>Again</button>}
      <MessageList support={support} label="Messages" className="log">
        {describe}
      </MessageList>
      <MessageComposer support={support} label="Message" placeholder="Write to us" maxLength={500}>
        <button>Send</button>
      </MessageComposer>
    </section>
  )
}

export function Widget(): ReactNode {
  const element = useRef<DeskbellChatElement>(null)
  return (
    <>
      <SupportChat ref={element} server="/support" theme="dark" getToken={async () => 'token'} nonce="n" />
      <deskbell-chat server="/support" heading="Help" position="left" id="own" class="own" ref={element} />
      <button onClick={() => element.current?.open()}>Help</button>
      {/* @ts-expect-error: there is no such theme */}
      <deskbell-chat theme="blue" />
      {/* @ts-expect-error: there is no such attribute */}
      <deskbell-chat colour="red" />
      {/* @ts-expect-error: a list needs a name */}
      <MessageList support={useSupportChat()} />
    </>
  )
}
