// Short words by which staff sort chats. Only staff see them.

/** Characters (UTF-16 units) of a tag */
export const MAX_TAG = 40
/** Tags of one chat */
export const MAX_TAGS = 20
/** Words that `GET admin/tags` answers at most */
export const MAX_KNOWN_TAGS = 500
/** Words with one space between them, without commas */
export const TAG_PATTERN: RegExp = /^[^\s,\0]+( [^\s,\0]+)*$/

/** One form for what looks alike */
export const plainTag = (tag: string): string => tag.normalize('NFC').toLowerCase()

/** What somebody typed, as a tag; null: nothing that could be one */
export function tagIn(text: string): string | null {
  const tag = plainTag(text.replaceAll(/[\s,\0]+/g, ' ').trim())
    .slice(0, MAX_TAG)
    .trim()
  return TAG_PATTERN.test(tag) ? tag : null
}

/** `PUT` and `PATCH admin/chats/:id/tags` */
export interface TaggedChat {
  id: string
  /** All that it has now, in order of their characters */
  tags: string[]
}

/** `GET admin/tags` */
export interface KnownTags {
  /** What is in use, in order of their characters; at most 500 */
  tags: string[]
}
