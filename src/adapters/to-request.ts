import type { IncomingMessage } from 'node:http'

/** A request without its body, as when it opens a connection. @throws TypeError for a Host header that is none */
export function toRequest(incoming: IncomingMessage): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers.set(name, String(value))
  // Concatenated, not resolved: otherwise a path such as `//evil.example/cable` would set the host that Origin is compared with
  return new Request(`http://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`, { headers })
}
