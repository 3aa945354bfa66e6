// What somebody typed to find a canned reply.

/** What follows a slash at the start of a line, up to the cursor */
const TYPED = /^\/([^/]{0,80})$/

export interface Typed {
  /** Where the slash is */
  from: number
  query: string
}

/** @returns null: the cursor is behind no such slash */
export function typedAt(text: string, cursor: number): Typed | null {
  const line = text.slice(text.lastIndexOf('\n', cursor - 1) + 1, cursor)
  const query = TYPED.exec(line)?.[1]
  return query === undefined ? null : { from: cursor - query.length - 1, query }
}
