import type { IncomingMessage } from 'node:http'

/** A request without its body, as when it opens a connection. @throws TypeError for a Host header that is none */
export function toRequest(incoming: IncomingMessage): Request {
  // Without a `Headers` in between, which would be copied
  const headers = incoming.headers as Record<string, string>
  // Concatenated, not resolved: otherwise a path such as `//evil.example/cable` would set the host that Origin is compared with
  return new Request(`http://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`, { headers })
}
