// Centrifugo's protocol in JSON, as its reference speaks it: commands with numbers, replies with the same numbers, pushes without.
import { openWebSocket } from '../websocket.ts'
import { Subscribing, type Connect } from './dialect.ts'

const STAFF = 'staff:notifications'
const channelOf = (chatId: string): string => `chat:${chatId}`
/** How a push to staff begins, and one on a chat */
const NOTIFICATION = `{"push":{"channel":"${STAFF}"`
const MESSAGE = '{"push":{"channel":"chat:'
const PING = '{}'
/** The number of the command that connects; those that subscribe follow it */
const CONNECT = 1

interface Reply {
  id?: number
  error?: object
  push?: object
}

export const connectCentrifugo: Connect = async (url, { token, isStaff, chats }, listener) => {
  const channels = [...chats.map(channelOf), ...(isStaff ? [STAFF] : [])]
  const subscribing = new Subscribing()
  let waiting = channels.length
  let id = CONNECT

  const socket = await openWebSocket(url, undefined, {
    onText(frame, connection) {
      // One frame carries all that waited
      for (const line of frame.split('\n')) {
        if (line.startsWith(NOTIFICATION)) listener.onEvent('notification', line)
        else if (line.startsWith(MESSAGE)) listener.onEvent('message', line)
        else if (line === PING) connection.send(PING)
        else if (line !== '') receiveReply(JSON.parse(line) as Reply)
      }
    },
    onClose(reason) {
      subscribing.fail(reason)
      listener.onClosed(reason)
    },
  })
  const command = (body: object): void => socket.send(JSON.stringify({ id: id++, ...body }))

  function receiveReply(reply: Reply): void {
    if (reply.error !== undefined || reply.push !== undefined) {
      const text = JSON.stringify(reply)
      subscribing.fail(text)
      listener.onError(text)
    } else if (reply.id === CONNECT) {
      for (const channel of channels) command({ subscribe: { channel } })
    } else if ((reply.id ?? 0) <= CONNECT + channels.length && --waiting === 0) {
      subscribing.pass()
    }
  }
  command({ connect: { data: { token } } })
  await subscribing.done

  return {
    send: (chat_id, content) => command({ rpc: { method: 'send_message', data: { chat_id, content } } }),
    close: () => socket.close(),
  }
}
