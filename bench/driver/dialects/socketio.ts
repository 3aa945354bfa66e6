// Socket.IO 4 (Engine.IO 4, WebSocket alone), as the reference speaks it.
import { openWebSocket } from '../websocket.ts'
import { Subscribing, type Connect } from './dialect.ts'

export const connectSocketio: Connect = async (url, { token, chats }, listener) => {
  const subscribing = new Subscribing()
  let waiting = chats.length
  let acknowledgement = 0

  const socket = await openWebSocket(url, undefined, {
    onText(frame, connection) {
      const call = (event: string, data: object): void =>
        connection.send(`42${acknowledgement++}${JSON.stringify([event, data])}`)
      if (frame.startsWith('42["new_user_message"')) {
        listener.onEvent('notification', frame)
      } else if (frame.startsWith('42["new_message"')) {
        listener.onEvent('message', frame)
      } else if (frame === '2') {
        connection.send('3')
      } else if (frame.startsWith('0{')) {
        connection.send(`40${JSON.stringify({ token })}`)
      } else if (frame.startsWith('40')) {
        if (waiting === 0) subscribing.pass()
        for (const chat_id of chats) call('subscribe', { chat_id })
      } else if (frame.startsWith('43')) {
        if (frame.includes('"error"')) {
          listener.onError(frame)
          subscribing.fail(frame)
        } else if (--waiting === 0) {
          subscribing.pass()
        }
      } else if (frame.startsWith('41') || frame.startsWith('44')) {
        subscribing.fail(frame)
        listener.onError(frame)
      }
    },
    onClose(reason) {
      subscribing.fail(reason)
      listener.onClosed(reason)
    },
  })
  await subscribing.done

  return {
    send: (chat_id, content) =>
      socket.send(`42${acknowledgement++}${JSON.stringify(['send_message', { chat_id, content }])}`),
    close: () => socket.close(),
  }
}
