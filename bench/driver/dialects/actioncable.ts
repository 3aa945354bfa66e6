// ActionCable v1, as Deskbell, Rails, AnyCable and the prototypes speak it.
import { openWebSocket } from '../websocket.ts'
import { Subscribing, type Connect, type EventKind } from './dialect.ts'

const CHAT = (chat_id: string): string => JSON.stringify({ channel: 'ChatChannel', chat_id })
const STAFF = JSON.stringify({ channel: 'AdminNotificationChannel' })
/** An event's type leads it; AnyCable's server sorts the keys, so there it comes after the message */
const LEADING = '"message":{"type":"'
const TRAILING = /,"type":"(\w+)"(?:,"user_email":"[^"]*")?\}\}$/
/** Others (presence, rows of the list, receipts) are not counted */
const KINDS = new Map<string, EventKind>([
  ['new_message', 'message'],
  ['new_user_message', 'notification'],
])

interface ControlFrame {
  type?: string
  identifier?: string
  reason?: string
}

/** Undefined for frames of the protocol itself */
function eventTypeOf(frame: string): string | undefined {
  const at = frame.indexOf(LEADING)
  if (at < 0) return TRAILING.exec(frame)?.[1]
  const start = at + LEADING.length
  return frame.slice(start, frame.indexOf('"', start))
}

export const connectActioncable: Connect = async (url, { chats, isStaff }, listener) => {
  const identifiers = [...chats.map(CHAT), ...(isStaff ? [STAFF] : [])]
  const waiting = new Set(identifiers)
  const subscribing = new Subscribing()

  const socket = await openWebSocket(url, 'actioncable-v1-json', {
    onText(frame, connection) {
      if (frame.startsWith('{"type":"ping"')) return
      const event = eventTypeOf(frame)
      if (event !== undefined) {
        const kind = KINDS.get(event)
        if (kind) listener.onEvent(kind, frame)
        return
      }
      const { type, identifier = '', reason = '' } = JSON.parse(frame) as ControlFrame
      if (type === 'welcome') {
        for (const each of identifiers) connection.send(JSON.stringify({ command: 'subscribe', identifier: each }))
      } else if (type === 'confirm_subscription') {
        waiting.delete(identifier)
        if (waiting.size === 0) subscribing.pass()
      } else if (type === 'reject_subscription') {
        subscribing.fail(`rejected: ${identifier}`)
      } else if (type === 'disconnect') {
        subscribing.fail(`disconnect: ${reason}`)
        listener.onError(`disconnect: ${reason}`)
      }
    },
    onClose(reason) {
      subscribing.fail(reason)
      listener.onClosed(reason)
    },
  })
  await subscribing.done

  const heads = new Map(
    chats.map((id) => [id, `{"command":"message","identifier":${JSON.stringify(CHAT(id))},"data":`]),
  )
  return {
    send(chatId, content) {
      const data = JSON.stringify(JSON.stringify({ action: 'send_message', content }))
      socket.send(`${heads.get(chatId) ?? ''}${data}}`)
    },
    close: () => socket.close(),
  }
}
