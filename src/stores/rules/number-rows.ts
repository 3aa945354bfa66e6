// The rows of the table of numbers. Its key is known to nodes of the version before, so a tag stands where a colleague does, and kinds tell
// the two apart.
import type { CountedNumber, NumberKind, TagNumber, TagNumberKind } from '../../server/ports/store/numbers.ts'
import type { Count } from './numbers.ts'

const TAGGED = 'tag_'
const KINDS: Record<NumberKind, { isTagged: boolean }> = {
  chat: { isTagged: false },
  user: { isTagged: false },
  staff: { isTagged: false },
  wait: { isTagged: true },
  open_wait: { isTagged: true },
  archive: { isTagged: true },
  last: { isTagged: true },
  open_last: { isTagged: true },
  rating: { isTagged: true },
}

/** The kinds of rows that are about nobody or somebody of staff */
export const STAFF_KINDS = Object.keys(KINDS)
/** The kinds of rows that are about a tag */
export const TAG_KINDS = Object.entries(KINDS).flatMap(([kind, { isTagged }]) => (isTagged ? `${TAGGED}${kind}` : []))

export type NumberRow = Omit<CountedNumber, 'kind'> & { kind: string }

/** Field by field, as it is made for each message */
export const numberRow = ({ tag, day, kind, bucket, agent_id, agent_name, n }: Count): NumberRow =>
  tag === null
    ? { day, kind, bucket, agent_id, agent_name, n }
    : { day, kind: `${TAGGED}${kind}`, bucket, agent_id: tag, agent_name, n }

export const tagNumberOf = ({
  kind,
  agent_id: tag,
  bucket,
  n,
}: Pick<NumberRow, 'kind' | 'agent_id' | 'bucket' | 'n'>): TagNumber => ({
  kind: kind.slice(TAGGED.length) as TagNumberKind,
  tag,
  bucket,
  n,
})
