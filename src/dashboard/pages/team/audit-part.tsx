import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { AuditAction, AuditEntry } from '../../../protocol/account.ts'
import { team as words } from '../../locales/team.en.ts'
import { useDashboard } from '../../views/context.ts'
import { Part, Problem } from '../parts.tsx'
import { useAction } from '../use-action.ts'

/** As many as the server gives at once */
const PAGE = 50

export function AuditPart(): JSX.Element {
  const { api, moments } = useDashboard()
  const { refusal, run } = useAction()
  const [entries, setEntries] = useState<AuditEntry[] | null>(null)
  const [hasMore, setHasMore] = useState(false)
  const load = (before?: string) =>
    run(async () => {
      const query = before === undefined ? '' : `?before=${before}`
      const page = await api.json<AuditEntry[]>('GET', `dashboard/audit${query}`)
      setEntries((known) => [...(before === undefined ? [] : (known ?? [])), ...page])
      setHasMore(page.length === PAGE)
    })
  useEffect(() => void load(), [])
  return (
    <Part title={words.audit}>
      <p>{words.auditHint}</p>
      {entries?.length === 0 && <p>{words.auditEmpty}</p>}
      <ol class="audit">
        {(entries ?? []).map((entry) => (
          <li key={entry.id}>
            <bdi>{say(entry)}</bdi>
            <span class="team-facts">
              <time dateTime={entry.at}>{moments.exact(entry.at)}</time>
              {entry.address !== null && ` · ${words.from(entry.address)}`}
            </span>
          </li>
        ))}
      </ol>
      {hasMore && (
        <button class="button" type="button" onClick={() => void load(entries?.at(-1)?.id)}>
          {words.more}
        </button>
      )}
      <Problem text={refusal && words.refusals.other} />
    </Part>
  )
}

function say({ action, actor, subject }: AuditEntry): string {
  const who = actor ?? words.commandLine
  return Object.hasOwn(words.events, action)
    ? words.events[action as AuditAction](who, subject ?? who)
    : words.otherEvent(who, action)
}
