// How client and server name the person of a session to each other, so that neither speaks for somebody else: a browser's cookie
// may change under an open page.

/** The audiences of tokens for people. Only the audience makes a person an admin */
export const PERSON_AUDIENCE = { user: 'deskbell', admin: 'deskbell-admin' } as const

/** A request names the person for whom it is meant; an answer names the person who asked. Both as a `personTag` */
export const PERSON_HEADER = 'Deskbell-Person'
/** On an upgrade, where browsers cannot set headers: one more offered subprotocol. The server never selects it */
export const PERSON_PROTOCOL_PREFIX = 'deskbell-person.'

/**
 * `user%3Aada`: fits into a header, and into a subprotocol's name, which allows no parentheses.
 * @throws URIError when the id is not well-formed Unicode
 */
export const personTag = (role: keyof typeof PERSON_AUDIENCE, id: string): string =>
  encodeURIComponent(`${role}:${id}`).replace(/[()]/g, (mark) => (mark === '(' ? '%28' : '%29'))

/** The id in a `personTag` */
export const idOf = (tag: string): string => decodeURIComponent(tag).replace(/^[^:]*:/, '')
