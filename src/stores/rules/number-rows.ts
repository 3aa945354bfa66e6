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

export const numberRow = ({ tag, ...count }: Count): NumberRow =>
  tag === null ? count : { ...count, kind: `${TAGGED}${count.kind}`, agent_id: tag }

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
