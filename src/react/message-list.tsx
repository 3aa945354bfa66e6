import { useEffect, useLayoutEffect, useRef, useState, type ReactElement, type ReactNode } from 'react'
import { watchAttendance } from '../client/attendance.ts'
import type { PendingMessage } from '../client/conversation/outbox.ts'
import type { SenderType, SupportMessage } from '../protocol/types.ts'
import type { UseSupportChat } from './use-support-chat.ts'

/** A message of the list, whether the server has it or not */
export type ListedMessage =
  | { status: 'sent'; sender: SenderType; content: string; message: SupportMessage }
  | { status: PendingMessage['status']; sender: 'user'; content: string; message: PendingMessage }

export interface MessageListProps {
  support: Pick<
    UseSupportChat,
    'chat' | 'pending' | 'unreadCount' | 'hasMore' | 'loadingOlder' | 'loadOlder' | 'markAsRead'
  >
  /** The name of the list, for screen readers */
  label: string
  /** Of the list, which is what scrolls: give it a height and `overflow: auto` */
  className?: string | undefined
  /** Draws one message; its text in a paragraph unless given */
  children?: ((listed: ListedMessage) => ReactNode) | undefined
}

/** Pixels from the start and the end that count as there */
const NEAR = 48

const NONE: readonly SupportMessage[] = []

/** Nothing is laid out where a server renders, and React 18 complains about the other one there */
const useLayout = typeof document === 'undefined' ? useEffect : useLayoutEffect

/**
 * The messages in a log that scrolls, and nothing that styles it. Each stands in a `div` with `data-sender` (`user`, `admin`) and
 * `data-status` (`sent`, `sending`, `failed`). Who is at the end stays there, older messages load at the start, and replies
 * count as read while somebody attends to the page.
 *
 * @example
 * <MessageList support={support} label="Messages">{({ content }) => <p>{content}</p>}</MessageList>
 */
export function MessageList({ support, label, className, children = textOf }: MessageListProps): ReactElement {
  const { chat, pending, unreadCount, hasMore, loadingOlder, loadOlder, markAsRead } = support
  const log = useRef<HTMLDivElement>(null)
  const was = useRef({ atEnd: true, first: '', height: 0, pending: 0 })
  const [attended, setAttended] = useState(false)
  const messages = chat?.messages ?? NONE
  const first = messages[0]?.id ?? ''

  useEffect(() => watchAttendance(setAttended), [])
  useEffect(() => {
    const element = log.current
    if (!element) return
    // A keyboard opens, the composer grows
    const observer = new ResizeObserver(() => {
      if (was.current.atEnd) element.scrollTop = element.scrollHeight
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    if (attended && unreadCount > 0) markAsRead()
  }, [attended, unreadCount, markAsRead])

  useLayout(() => {
    const element = log.current
    if (!element) return
    const { atEnd, first: firstBefore, height } = was.current
    if (atEnd || pending.length > was.current.pending) element.scrollTop = element.scrollHeight
    else if (first !== firstBefore) element.scrollTop += element.scrollHeight - height
    was.current = { ...was.current, first, height: element.scrollHeight, pending: pending.length }
    // Too few to scroll, so scrolling cannot ask for more
    if (hasMore && !loadingOlder && element.scrollHeight <= element.clientHeight) void loadOlder()
  }, [messages, pending, first, hasMore, loadingOlder, loadOlder])

  const onScroll = (): void => {
    const element = log.current
    if (!element) return
    was.current.atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR
    if (hasMore && !loadingOlder && element.scrollTop < NEAR) void loadOlder()
  }

  return (
    <div
      ref={log}
      className={className}
      role="log"
      aria-label={label}
      aria-busy={loadingOlder}
      tabIndex={0}
      // Browsers that keep the place themselves would do it a second time
      style={{ overflowAnchor: 'none' }}
      onScroll={onScroll}
    >
      {messages.map((message) => (
        <div
          key={`${message.sender_type}:${message.client_id ?? message.id}`}
          data-sender={message.sender_type}
          data-status="sent"
        >
          {children({ status: 'sent', sender: message.sender_type, content: message.content, message })}
        </div>
      ))}
      {pending.map((message) => (
        <div key={`user:${message.client_id}`} data-sender="user" data-status={message.status}>
          {children({ status: message.status, sender: 'user', content: message.content, message })}
        </div>
      ))}
    </div>
  )
}

const textOf = ({ content }: ListedMessage): ReactNode => <p dir="auto">{content}</p>
