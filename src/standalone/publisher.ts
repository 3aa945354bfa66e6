// Which publisher PUBLISH_URL names.
import { z } from 'zod'
import { ablyPublisher } from '../publishers/ably.ts'
import { firebasePublisher, type ServiceAccount } from '../publishers/firebase.ts'
import { pusherPublisher } from '../publishers/pusher.ts'
import { supabasePublisher } from '../publishers/supabase.ts'
import type { Publisher } from '../server/ports/publisher.ts'
import { decoded, defined, partsOf } from './mail-url.ts'

/** How each service's URL is read; `rest` is what follows `://` */
const PUBLISHERS: Record<string, (rest: string) => Publisher> = {
  pusher(rest) {
    const [, key, secret, host, port, appId, search] =
      /^([^:@/?#]+):([^:@/?#]+)@([^:@/?#]+)(?::(\d+))?\/([^/?#]+)\/?(\?.*)?$/s.exec(rest) ?? []
    if (key === undefined || secret === undefined || host === undefined || appId === undefined)
      throw new Error(
        'it must look like pusher://KEY:SECRET@CLUSTER/APP_ID, with the host of a server of your own for CLUSTER',
      )
    const app = { appId: decoded(appId), key: decoded(key), secret: decoded(secret) }
    const { useTLS } = transportOf(queryOf(search))
    // Clusters are short names such as eu or mt1
    const isCluster = port === undefined && useTLS === undefined && !host.includes('.') && host !== 'localhost'
    return pusherPublisher(
      isCluster ? { ...app, cluster: host } : { ...app, host, ...defined({ port: numberOf(port), useTLS }) },
    )
  },
  ably(rest) {
    const [, keyName, secret, host, port, search] =
      /^([^:@/?#]+\.[^:@/?#]+):([^:@/?#]+)(?:@([^:@/?#]+)(?::(\d+))?)?\/?(\?.*)?$/s.exec(rest) ?? []
    if (keyName === undefined || secret === undefined) throw new Error('it must look like ably://APP.KEY:SECRET')
    const { useTLS } = transportOf(queryOf(search))
    return ablyPublisher({
      key: `${decoded(keyName)}:${decoded(secret)}`,
      ...defined({ host, port: numberOf(port), useTLS }),
    })
  },
  supabase(rest) {
    const [, secretKey, jwtSecret, host, search] = /^([^:@/?#]+):([^:@/?#]+)@([^@/?#]+)\/?(\?.*)?$/s.exec(rest) ?? []
    const { key, ...more } = queryOf(search)
    if (secretKey === undefined || jwtSecret === undefined || host === undefined || key === undefined)
      throw new Error('it must look like supabase://SECRET_KEY:JWT_SECRET@PROJECT.supabase.co?key=PUBLIC_KEY')
    const scheme = transportOf(more).useTLS === false ? 'http' : 'https'
    const secrets = { secretKey: decoded(secretKey), jwtSecret: decoded(jwtSecret) }
    return supabasePublisher({ url: `${scheme}://${host}`, key, ...secrets })
  },
  firebase(rest) {
    const [, account, host, search] = /^([^:@/?#]+)@([^@/?#]+)\/?(\?.*)?$/s.exec(rest) ?? []
    const { key, ...more } = queryOf(search)
    if (account === undefined || host === undefined || key === undefined)
      throw new Error('it must look like firebase://SERVICE_ACCOUNT@PROJECT-default-rtdb.firebaseio.com?key=API_KEY')
    const scheme = transportOf(more).useTLS === false ? 'http' : 'https'
    return firebasePublisher({ url: `${scheme}://${host}`, key, serviceAccount: accountOf(decoded(account)) })
  },
}

/** The file of a service account, in base64 */
function accountOf(text: string): ServiceAccount {
  const file = z.object({ client_email: z.string(), private_key: z.string(), token_uri: z.string().exactOptional() })
  try {
    return file.parse(JSON.parse(Buffer.from(text, 'base64').toString()))
  } catch {
    throw new Error('SERVICE_ACCOUNT must be the JSON file with the key of a service account, in base64')
  }
}

/** @throws Error when the URL names no publisher; its message repeats nothing of the URL's secrets */
export function publisherOf(url: string): Publisher {
  const { scheme, rest } = partsOf(url)
  const make = PUBLISHERS[scheme]
  if (!make) throw new Error('it must be pusher://…, ably://…, supabase://… or firebase://…')
  return make(rest)
}

const numberOf = (port: string | undefined): number | undefined => (port === undefined ? undefined : Number(port))

const queryOf = (search = ''): Record<string, string> => Object.fromEntries(new URLSearchParams(search))

function transportOf({ tls, ...unknown }: Record<string, string>): { useTLS: boolean | undefined } {
  const [name] = Object.keys(unknown)
  if (name !== undefined) throw new Error(`it has no ${name}; there is tls`)
  if (tls !== undefined && tls !== 'off') throw new Error('tls must be off, or left out')
  return { useTLS: tls === 'off' ? false : undefined }
}
