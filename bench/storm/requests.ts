// What clients ask for over REST while their sockets are away: it costs the server what it needs for those who come back.

/** Since `countRequests` */
export const requests = { streams: 0, others: 0 }

/** Counts from now on what asks for a chat */
export function countRequests(): void {
  requests.streams = requests.others = 0
  const send = fetch
  globalThis.fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    if (url.endsWith('/support_chat/events')) requests.streams++
    else if (url.includes('/support_chat')) requests.others++
    return send(input, init)
  }
}
