// Which active chats a page of the list has. Each chat has one entry in an index, so that a message moves one: the unread chats are in
// one index, the others in another one, and in each they are in the order of assignee and time. So the list of one assignee is merged from
// two places, and the list of all from two for each assignee. ?1 and ?2: after which chat, ?3: how many.

/** The conditions of the two indexes, word by word */
export const UNREAD = 'c.archived_at IS NULL AND c.last_user_seq > c.admin_viewed_seq'
const READ = 'c.archived_at IS NULL AND c.last_user_seq <= c.admin_viewed_seq AND c.last_message_at IS NOT NULL'

/** The conditions of archived chats */
export const ARCHIVED = `c.archived_at IS NOT NULL AND c.last_message_at IS NOT NULL AND (c.last_message_at, c.id) < (?1, ?2)`

const AFTER = '(c.last_message_at, c.id) < (?1, ?2)'
const NEWEST_FIRST = 'ORDER BY last_message_at DESC, id DESC'

const pageOf = (kind: string): string =>
  `SELECT c.id, c.last_message_at FROM support_chats c WHERE ${kind} AND c.assignee_id IS ?4 AND ${AFTER}`

/** Of the chats of ?4, or of those that nobody has; a part of a WITH RECURSIVE */
export const activePageOf = `page (id, last_message_at) AS MATERIALIZED (
  ${pageOf(UNREAD)} UNION ALL ${pageOf(READ)} ${NEWEST_FIRST} LIMIT ?3)`

/** Those who have such a chat, one seek in the index for each; null, for nobody, is the first */
function whoHas(name: string, kind: string): string {
  const next = (after: string) =>
    `(SELECT c.assignee_id FROM support_chats c WHERE ${kind} AND ${after} ORDER BY c.assignee_id LIMIT 1)`
  return `${name}_found (who) AS (SELECT ${next('c.assignee_id IS NOT NULL')}
    UNION ALL SELECT ${next('c.assignee_id > w.who')} FROM ${name}_found w WHERE w.who IS NOT NULL),
  ${name} (who) AS MATERIALIZED (SELECT NULL UNION ALL SELECT who FROM ${name}_found WHERE who IS NOT NULL)`
}

/** When the last chat was written to that a page of this assignee alone would have; null: there are fewer */
const lastOfPage = (who: string, kind: string): string =>
  `SELECT (SELECT c.last_message_at FROM support_chats c WHERE ${kind} AND c.assignee_id IS w.who AND ${AFTER}
    ORDER BY c.last_message_at DESC, c.id DESC LIMIT 1 OFFSET ?3 - 1) AS at FROM ${who} w`

const since = (who: string, kind: string): string =>
  `SELECT c.id, c.last_message_at FROM since CROSS JOIN ${who} w CROSS JOIN support_chats c
    WHERE ${kind} AND c.assignee_id IS w.who AND c.last_message_at >= since.at AND ${AFTER}`

/**
 * Of all active chats. What is older than the last chat on a page of one assignee alone is not on this page, so hardly more is read
 * than a page has.
 */
export const activePage = `${whoHas('has_unread', UNREAD)}, ${whoHas('has_read', READ)},
  since (at) AS MATERIALIZED (SELECT coalesce(max(at), '')
    FROM (${lastOfPage('has_unread', UNREAD)} UNION ALL ${lastOfPage('has_read', READ)})),
  page (id, last_message_at) AS MATERIALIZED (
    ${since('has_unread', UNREAD)} UNION ALL ${since('has_read', READ)} ${NEWEST_FIRST} LIMIT ?3)`
