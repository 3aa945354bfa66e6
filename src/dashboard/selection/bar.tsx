// What can be done with the selected chats, above the list. Plain controls of the browser: they work by keys, by ear and by touch alike.
import type { JSX } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { MAX_TAG, tagIn } from '../../protocol/tags.ts'
import { lateStyles } from '../late-styles.ts'
import { selection as say } from '../locales/selection.en.ts'
import type { SupportChatListItem } from '../../protocol/types.ts'
import type { BulkOutcome, BulkWork } from '../state/selection.ts'
import { addressOf } from '../views/address-of.ts'
import { useDashboard } from '../views/context.ts'
import { CrossIcon } from '../views/icons.tsx'

export const selectionStyles = lateStyles(new URL('../css/selection.css', import.meta.url).href)

/** Names of chats that failed; the others are counted */
const NAMED = 3
const NOBODY = ''

export function SelectionBar(): JSX.Element {
  const { desk } = useDashboard()
  const { selection, lists } = desk
  const selected = selection.chats.value.length
  const isBusy = selection.progress.value !== null
  const run = (work: BulkWork): void => {
    if (!isBusy && selected > 0) void selection.run(work)
  }
  const { archived } = lists.current.value
  const isNothing = selected === 0 || isBusy
  return (
    <div class="selection" role="group" aria-label={say.label}>
      <Count />
      {/* Not `disabled`: a button that has the focus would lose it */}
      <div class="selection-tools">
        <button
          class="button"
          type="button"
          aria-disabled={isNothing}
          onClick={() => run({ kind: archived ? 'restore' : 'archive' })}
        >
          {archived ? say.restore : say.archive}
        </button>
        <button class="button" type="button" aria-disabled={isNothing} onClick={() => run({ kind: 'view' })}>
          {say.view}
        </button>
        <Assign run={run} />
        <Tag run={run} />
      </div>
      <Outcome />
    </div>
  )
}

function Count(): JSX.Element {
  const { selection, lists } = useDashboard().desk
  const progress = selection.progress.value
  const selected = selection.chats.value.length
  const chooseAllOrNone = (): void =>
    selection.choose(selected > 0 ? [] : lists.current.value.rows.value.map(({ id }) => id))
  return (
    <div class="selection-count">
      <span role="status">
        {progress ? say.working(progress.tried, progress.of) : selected > 0 ? say.count(selected) : say.hint}
      </span>
      <button class="link" type="button" onClick={chooseAllOrNone}>
        {selected > 0 ? say.none : say.all}
      </button>
      <button class="icon-button" type="button" aria-label={say.end} title={say.end} onClick={() => selection.end()}>
        <CrossIcon />
      </button>
    </div>
  )
}

function Assign({ run }: { run: (work: BulkWork) => void }): JSX.Element {
  const { assignment } = useDashboard().desk
  const colleagues = assignment.colleagues.value ?? []
  useEffect(() => void assignment.loadColleagues(), [])
  return (
    <select
      class="selection-choice"
      aria-label={say.assign}
      value="none-chosen"
      onFocus={() => void assignment.loadColleagues()}
      onChange={({ currentTarget }) => {
        const id = currentTarget.value
        const name = currentTarget.selectedOptions[0]?.textContent ?? null
        currentTarget.value = 'none-chosen'
        run({ kind: 'assign', assigneeId: id === NOBODY ? null : id.slice(1), name })
      }}
    >
      <option value="none-chosen" hidden>
        {say.assign}
      </option>
      <option value={NOBODY}>{say.nobody}</option>
      {colleagues.map(({ id, name }) => (
        <option key={id} value={`.${id}`}>
          {assignment.isMine({ id, name }) ? say.yourself(name) : (name ?? id)}
        </option>
      ))}
    </select>
  )
}

function Tag({ run }: { run: (work: BulkWork) => void }): JSX.Element {
  const { tags } = useDashboard().desk
  const field = useRef<HTMLInputElement>(null)
  const id = useId()
  return (
    <form
      class="selection-tag"
      onSubmit={(event) => {
        event.preventDefault()
        const tag = tagIn(field.current?.value ?? '')
        if (tag === null || !field.current) return
        field.current.value = ''
        run({ kind: 'tag', tag })
      }}
    >
      <input
        ref={field}
        maxLength={MAX_TAG}
        placeholder={say.tag}
        aria-label={say.tag}
        autocomplete="off"
        autocapitalize="none"
        dir="auto"
        list={id}
        onFocus={() => void tags.loadKnown()}
      />
      <button class="button" type="submit">
        {say.addTag}
      </button>
      <datalist id={id}>
        {tags.known.value.map((tag) => (
          <option key={tag} value={tag} />
        ))}
      </datalist>
    </form>
  )
}

/** The region is there always, so that its change is read out */
function Outcome(): JSX.Element {
  const { desk, words } = useDashboard()
  const { selection } = desk
  const outcome = selection.outcome.value
  const nameOf = (chat: BulkOutcome['failed'][number]): string => chat.user_name ?? addressOf(chat, words)
  return (
    <div class="selection-outcome" role="status">
      {outcome && outcome.done > 0 && (
        <p>
          <bdi>{say.done(outcome.work, outcome.done)}</bdi>
          {outcome.archived.length > 0 && (
            <button class="link" type="button" onClick={() => void selection.undo()}>
              {say.undo}
            </button>
          )}
        </p>
      )}
      {outcome && outcome.failed.length > 0 && (
        <p class="is-failed">
          <bdi>
            {say.failed(
              outcome.failed.length,
              new Intl.ListFormat(say.locale, { style: 'narrow' }).format([
                ...outcome.failed.slice(0, NAMED).map(nameOf),
                ...(outcome.failed.length > NAMED ? ['…'] : []),
              ]),
            )}
          </bdi>
        </p>
      )}
    </div>
  )
}

export function SelectBox({ chat }: { chat: SupportChatListItem }): JSX.Element {
  const { desk, words } = useDashboard()
  const { selection } = desk
  return (
    <label class="select-box">
      <input
        type="checkbox"
        checked={selection.ids.value.has(chat.id)}
        aria-label={say.one(chat.user_name ?? addressOf(chat, words))}
        // A click tells of Shift, which a change does not
        onClick={(event) => (event.shiftKey ? selection.extendTo(chat.id) : selection.toggle(chat.id))}
      />
    </label>
  )
}
