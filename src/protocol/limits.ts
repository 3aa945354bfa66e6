// Limits that clients and server share.

/** Characters (UTF-16 units) in a message */
export const MAX_CONTENT = 10_000
/** Files in a message */
export const MAX_FILES = 10
/** Characters (UTF-16 units) in the name of a file */
export const MAX_FILE_NAME = 200
/** Pixels of an image: browsers need four bytes for each */
export const MAX_PIXELS = 128_000_000
/** Attributes of a person: how many, and the characters (UTF-16 units) of a name and of a value */
export const MAX_ATTRIBUTES = 30
export const MAX_ATTRIBUTE_NAME = 40
export const MAX_ATTRIBUTE_VALUE = 200
/** Characters in a client_id: letters, digits, `_`, `.`, `:` and `-` */
export const MAX_CLIENT_ID = 64
export const CLIENT_ID_PATTERN: RegExp = /^[A-Za-z0-9_.:-]{1,64}$/
/** Bytes in a WebSocket frame */
export const MAX_FRAME = 64 * 1024
/** Bytes in a request body */
export const MAX_BODY = 64 * 1024
export const PAGE_SIZE = 50
export const MAX_PAGE_SIZE = 1_000
/** Chats in a page of the admin's list */
export const MAX_LIST_SIZE = 200
/** Chats in a page of `GET admin/messages` */
export const PAGE_FOUND = 20
export const MAX_FOUND = 100
/** Stored messages that are replayed after a reconnect; beyond that the client loads pages over REST */
export const MAX_REPLAY = 1_000
/** Characters (UTF-16 units) of a chat's last message in the list */
export const PREVIEW_LENGTH = 100
/** The highest count that `GET admin/unread_count` returns */
export const MAX_UNREAD_COUNT = 1_000
