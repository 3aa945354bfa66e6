import Echo from 'laravel-echo'
import Pusher from 'pusher-js'

/** Passes on every message of the user's chat once and in order, and says who is typing. `url` and `token` as for the widget */
export async function supportChat({ url, token, onMessage, onTyping }) {
  const { hostname, port, protocol, href } = new URL(url)
  const headers = { Authorization: `Bearer ${token}` }
  const get = async (path) => (await fetch(new URL(path, href), { headers })).json()
  const { id, messages } = await get('support_chat')
  let seq = (messages[0]?.seq ?? 1) - 1
  const show = (message) => {
    if (message.seq !== seq + 1) return
    seq++
    onMessage(message)
  }
  const catchUp = async () => {
    const page = await get(`support_chat/messages?after=${seq}`)
    page.messages.forEach(show)
    if (page.has_more) await catchUp()
  }
  // Pusher's protocol replays nothing after a disconnect, so each subscription asks for what it missed
  const tryToCatchUp = () => catchUp().catch(() => setTimeout(tryToCatchUp, 1000))
  messages.forEach(show)

  const echo = new Echo({
    broadcaster: 'pusher',
    Pusher,
    key: 'my-app',
    cluster: 'none',
    wsHost: hostname,
    wsPort: Number(port || 80),
    wssPort: Number(port || 443),
    forceTLS: protocol === 'https:',
    enabledTransports: ['ws', 'wss'],
    authEndpoint: `${new URL('broadcasting/auth', href)}`,
    bearerToken: token,
  })
  const channel = echo
    .private(`support-chat.${id}`)
    .subscribed(tryToCatchUp)
    .listen('.new-message', (message) => (message.seq > seq + 1 ? tryToCatchUp() : show(message)))
    // pusher-js does not try again on its own, for example while a server restarts
    .error(({ status }) => {
      if (![401, 403, 404].includes(status)) setTimeout(() => echo.connector.pusher.subscribe(channel.name), 1000)
    })
    .listenForWhisper('typing', onTyping)
  return {
    typing: () => channel.whisper('typing', { typing: true }),
    send: (content) =>
      fetch(new URL('support_chat/messages', href), {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify({ content, client_id: crypto.randomUUID() }),
      }),
    leave: () => echo.disconnect(),
  }
}
