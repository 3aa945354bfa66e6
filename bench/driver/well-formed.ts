// Is an event what the specification says? Reading all of it costs the driver more than the server, so it looks at samples.
import type { EventKind } from './dialects/dialect.ts'

/** All of the first, then one in so many */
const FIRST = 50
const ONE_IN = 64

interface SampledEvent {
  type?: string
  chat_id?: unknown
  user_email?: unknown
  message?: { id?: unknown; content?: unknown; sender_type?: unknown; read_at?: unknown; created_at?: unknown }
}

/** @returns a function that is true for well-formed events, and for those that it does not look at */
export function sampleEvents(mark: string): (kind: EventKind, frame: string) => boolean {
  let seen = 0
  return (kind, frame) => {
    if (seen++ > FIRST && seen % ONE_IN !== 0) return true
    const event = eventOf(frame)
    const { message } = event
    const isNotification = kind === 'notification'
    return (
      event.type === (isNotification ? 'new_user_message' : 'new_message') &&
      Boolean(message?.id) &&
      typeof message?.content === 'string' &&
      message.content.startsWith(mark) &&
      message.sender_type === 'user' &&
      message.read_at === null &&
      !Number.isNaN(Date.parse(String(message.created_at))) &&
      (!isNotification || (Boolean(event.chat_id) && Boolean(event.user_email)))
    )
  }
}

/** In Socket.IO's, ActionCable's and Centrifugo's frames */
function eventOf(frame: string): SampledEvent {
  const parsed = JSON.parse(frame.replace(/^42/, '')) as
    [string, SampledEvent] | { message: SampledEvent } | { push: { pub: { data: SampledEvent } } }
  if (Array.isArray(parsed)) return parsed[1]
  return 'push' in parsed ? parsed.push.pub.data : parsed.message
}
