// The canned replies of the team: to write, change, remove, import and export them.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { CannedReply } from '../../../protocol/canned-replies.ts'
import { replies as words } from '../../locales/replies.en.ts'
import { matchReplies } from '../../state/reply-matches.ts'
import { useDashboard } from '../../views/context.ts'
import { Problem } from '../parts.tsx'
import { useAction } from '../use-action.ts'
import { ReplyFiles } from './files.tsx'
import { ReplyForm } from './reply-form.tsx'
import { sayRefusal } from './say-refusal.ts'

/** As many as one overlooks without a search */
const FEW = 8

export function RepliesPage(): JSX.Element {
  const { desk, api } = useDashboard()
  const { cannedReplies } = desk
  const [query, setQuery] = useState('')
  /** The id of the one that is edited, or `new` */
  const [edited, setEdited] = useState<string | null>(null)
  const [done, setDone] = useState('')
  const { refusal, run } = useAction()
  useEffect(() => void cannedReplies.refresh(), [])

  const all = cannedReplies.all.value
  if (all === null)
    return <Loading isFailed={cannedReplies.isFailed.value} retry={() => void cannedReplies.refresh()} />

  const changed = async (said: string): Promise<void> => {
    await cannedReplies.refresh()
    setEdited(null)
    setDone(said)
  }
  const remove = async ({ id, shortcut }: CannedReply): Promise<void> => {
    if (!confirm(words.removeSure(shortcut))) return
    setDone('')
    const worked = await run(() => api.request('DELETE', `admin/replies/${id}`).then(() => undefined))
    if (worked) await changed(words.removed(shortcut))
    else await cannedReplies.refresh()
  }
  const shown = matchReplies(all, query)
  return (
    <section class="page-part replies">
      <p>{words.hint}</p>
      <div class="page-buttons">
        <button class="button" type="button" onClick={() => setEdited('new')}>
          {words.add}
        </button>
        <ReplyFiles all={all} changed={changed} />
        {all.length > FEW && (
          <input
            class="replies-search"
            type="search"
            value={query}
            placeholder={words.search}
            aria-label={words.search}
            dir="auto"
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
        )}
      </div>
      <p class="page-done" role="status">
        {done}
      </p>
      <Problem text={refusal && sayRefusal(refusal)} />
      {edited === 'new' && (
        <ReplyForm saved={(shortcut) => changed(words.added(shortcut))} cancel={() => setEdited(null)} />
      )}
      {all.length === 0 && edited === null && (
        <div class="replies-none">
          <p class="blank-title">{words.none}</p>
          <p>{words.noneHint}</p>
        </div>
      )}
      {all.length > 0 && shown.length === 0 && <p class="replies-none">{words.noMatch(query)}</p>}
      <ul class="replies-list" aria-label={words.title}>
        {shown.map((reply) => (
          <li key={reply.id}>
            {edited === reply.id ? (
              <ReplyForm
                of={reply}
                saved={(shortcut) => changed(words.saved(shortcut))}
                cancel={() => setEdited(null)}
              />
            ) : (
              <ReplyRow of={reply} edit={() => setEdited(reply.id)} remove={() => void remove(reply)} />
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Loading({ isFailed, retry }: { isFailed: boolean; retry: () => void }): JSX.Element {
  return isFailed ? (
    <div class="blank" role="alert">
      <p>{words.failed}</p>
      <button class="button" type="button" onClick={retry}>
        {words.retry}
      </button>
    </div>
  ) : (
    <div class="blank" role="status">
      <p>{words.loading}</p>
    </div>
  )
}

interface RowProps {
  of: CannedReply
  edit: () => void
  remove: () => void
}

function ReplyRow({ of: { shortcut, title, body }, edit, remove }: RowProps): JSX.Element {
  return (
    <>
      <p class="replies-head">
        <bdi class="reply-shortcut">{`/${shortcut}`}</bdi>
        {title !== '' && <bdi class="reply-title">{title}</bdi>}
      </p>
      <p class="replies-text" dir="auto">
        {body}
      </p>
      <p class="replies-actions">
        <button class="link" type="button" aria-label={words.editOf(shortcut)} onClick={edit}>
          {words.edit}
        </button>
        <button class="link" type="button" aria-label={words.removeOf(shortcut)} onClick={remove}>
          {words.remove}
        </button>
      </p>
    </>
  )
}
