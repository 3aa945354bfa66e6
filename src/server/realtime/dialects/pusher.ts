// Pusher Channels, protocol 7, so that pusher-js, Laravel Echo and their like connect to this server.
import type { Dialect } from '../connections/dialect.ts'
import { PusherConnection } from './pusher-connection.ts'
import { ENDINGS, NO_PROTOCOL, OTHER_PROTOCOL, refuseSocket, UNKNOWN_KEY, type Ending } from './pusher-frames.ts'
import type { PusherGrants } from './pusher-grants.ts'

/** Later ones differ in what this server does not have */
const PROTOCOLS = /^[5-7]$/

/** The dialect for clients that know the key of the grants */
export function pusher(grants: PusherGrants): Dialect {
  const { key } = grants
  return {
    path: `/app/${key}`,
    alsoTakes: /^\/app\/[^/]+$/,
    async accept({ url }, _address, { core, connections }) {
      const wrong = whatIsWrong(key, new URL(url))
      return {
        protocol: undefined,
        open: (socket) =>
          wrong
            ? refuseSocket(socket, wrong)
            : new PusherConnection({ core, socket, identity: undefined, connections }, grants),
        refuse: (socket, reason) => refuseSocket(socket, ENDINGS[reason]),
      }
    },
  }
}

function whatIsWrong(key: string, { pathname, searchParams }: URL): Ending | undefined {
  if (!pathname.endsWith(`/app/${key}`)) return UNKNOWN_KEY
  const protocol = searchParams.get('protocol')
  if (protocol === null) return NO_PROTOCOL
  return PROTOCOLS.test(protocol) ? undefined : OTHER_PROTOCOL
}
