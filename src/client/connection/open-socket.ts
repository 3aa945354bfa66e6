// Opens a socket and says who asks: browsers let a page set no headers, so that goes into the names of protocols.
import { CABLE_EXT, CABLE_UNSUPPORTED, TOKEN_PROTOCOL_PREFIX } from '../../protocol/cable.ts'
import { PERSON_PROTOCOL_PREFIX } from '../../protocol/person.ts'

/**
 * @param url ws:// or wss://
 * @param person whose the page takes the connection to be; null: not known yet
 * @param token null: a cookie says it
 */
export function openSocket(url: string, person: string | null, token: string | null): WebSocket {
  const protocols = [CABLE_EXT, CABLE_UNSUPPORTED]
  const address = new URL(url)
  if (person !== null) protocols.push(PERSON_PROTOCOL_PREFIX + person)
  // A browser throws for a protocol name with other characters, so such a token goes into the address
  if (token !== null && /[^\w.~-]/.test(token)) address.searchParams.set('jid', token)
  else if (token !== null) protocols.push(TOKEN_PROTOCOL_PREFIX + token)
  return new WebSocket(address, protocols)
}
