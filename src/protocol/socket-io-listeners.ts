// What the publisher for a Socket.IO server elsewhere and that server agree on.

/** Audience of the tokens with which browsers enter rooms (RFC 7519, `aud`) */
export const LISTENERS = 'deskbell:rooms'

/** Characters of the secret that signs them: HS256 */
export const MIN_SECRET = 32

export interface ListenerClaims {
  /** The room that they may enter. With that of staff, every room of a chat too */
  support_room: string
}
