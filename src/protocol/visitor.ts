// People without an account, as clients and server know them.

/** A visitor's token: this, and 256 random bits in base64url. The browser makes it */
export const VISITOR_TOKEN_PREFIX = 'dbv_'

/** Says, beside a refusal of credentials, that visitors may write here */
export const VISITORS_HEADER = 'Deskbell-Visitors'

/** Nobody else's id has this form: tokens and hosts cannot name it */
export const VISITOR_ID_PREFIX = 'visitor:'
const VISITOR_ID = /^visitor:[\w-]{43}$/

/** Whether a user has no account. What such a user says about themselves is not verified */
export const isVisitor = (userId: string): boolean => VISITOR_ID.test(userId)
