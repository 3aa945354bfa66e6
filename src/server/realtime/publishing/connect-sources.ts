// Where a browser connects to in order to listen to a service, as a content security policy names it (W3C CSP, `connect-src`).
import type { Listening } from '../../../protocol/listening.ts'
import type { Publisher } from '../../ports/publisher.ts'

/** @returns sources for `connect-src`; none where browsers connect to this server alone */
export function connectSources(publisher: Publisher | null | undefined): string[] {
  const listening = publisher?.listen({ type: 'staff' })
  return listening ? sourcesOf(listening) : []
}

function sourcesOf(listening: Listening): string[] {
  switch (listening.service) {
    case 'pusher': {
      const { cluster, host, port, tls = true } = listening
      if (host !== undefined) return bothSchemes(tls, `${host}${port === undefined ? '' : `:${port}`}`)
      return [`wss://ws-${cluster}.pusher.com`, `https://sockjs-${cluster}.pusher.com`]
    }
    case 'ably': {
      const { host, port, tls = true } = listening
      if (host !== undefined) return bothSchemes(tls, `${host}${port === undefined ? '' : `:${port}`}`)
      return ['ably.net', 'ably-realtime.com'].flatMap((domain) => bothSchemes(true, `*.${domain}`))
    }
    case 'socket.io':
    case 'supabase': {
      const { protocol, host } = new URL(listening.url)
      return bothSchemes(protocol === 'https:', host)
    }
    case 'firebase': {
      const { protocol, host } = new URL(listening.url)
      if (protocol === 'http:') return bothSchemes(false, host)
      // Firebase names another server beside it, and Google signs in
      const servers = host.slice(host.indexOf('.') + 1)
      return [`wss://*.${servers}`, 'https://identitytoolkit.googleapis.com', 'https://securetoken.googleapis.com']
    }
  }
}

const bothSchemes = (tls: boolean, authority: string): string[] =>
  tls ? [`wss://${authority}`, `https://${authority}`] : [`ws://${authority}`, `http://${authority}`]
