import type { JSX } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { MAX_REPLY_TITLE, MAX_SHORTCUT, type CannedReply } from '../../../protocol/canned-replies.ts'
import { MAX_CONTENT } from '../../../protocol/limits.ts'
import { UNKNOWN_KEY } from '../../../ui/unknown-key.ts'
import { replies as words } from '../../locales/replies.en.ts'
import { useDashboard } from '../../views/context.ts'
import { Problem } from '../parts.tsx'
import { useAction } from '../use-action.ts'
import { sayRefusal } from './say-refusal.ts'

/** The slash is typed by habit, and a shortcut is one word */
const tidy = (shortcut: string): string =>
  shortcut
    .trim()
    .replace(/^\/+/, '')
    .replace(/[\s/]+/g, '-')

interface Props {
  /** None: a new one */
  of?: CannedReply
  saved: (shortcut: string) => Promise<void>
  cancel: () => void
}

export function ReplyForm({ of, saved, cancel }: Props): JSX.Element {
  const { api } = useDashboard()
  const { isBusy, refusal, run } = useAction()
  const [shortcut, setShortcut] = useState(of?.shortcut ?? '')
  const [title, setTitle] = useState(of?.title ?? '')
  const [body, setBody] = useState(of?.body ?? '')
  const first = useRef<HTMLInputElement>(null)
  const text = useRef<HTMLTextAreaElement>(null)
  const id = useId()
  useEffect(() => {
    first.current?.focus()
    // A keyboard on the screen leaves little room
    first.current?.form?.scrollIntoView({ block: 'nearest' })
  }, [])

  const save = async (): Promise<void> => {
    let stored = ''
    const worked = await run(async () => {
      const [method, path] = of ? ['PATCH', `admin/replies/${of.id}`] : ['POST', 'admin/replies']
      stored = (await api.json<CannedReply>(method, path, { shortcut: tidy(shortcut), title, body })).shortcut
    })
    if (worked) await saved(stored)
  }
  const isChanged = shortcut !== (of?.shortcut ?? '') || title !== (of?.title ?? '') || body !== (of?.body ?? '')
  const write = (placeholder: string): void => {
    text.current?.focus()
    // Keeps what one can undo
    document.execCommand('insertText', false, placeholder)
  }

  return (
    <form
      class="page-form reply-form"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
      onKeyDown={(event) => {
        // An input method takes back what it composes
        if (event.key !== 'Escape' || event.isComposing || event.keyCode === UNKNOWN_KEY) return
        event.stopPropagation()
        if (!isChanged || confirm(words.discard)) cancel()
      }}
    >
      <div class="field">
        <label for={`${id}-shortcut`}>{words.shortcut}</label>
        <input
          id={`${id}-shortcut`}
          ref={first}
          value={shortcut}
          required
          maxLength={MAX_SHORTCUT}
          autocomplete="off"
          autocapitalize="none"
          dir="auto"
          aria-describedby={`${id}-shortcut-hint`}
          onInput={(event) => setShortcut(event.currentTarget.value)}
          // Not while an input method composes in it
          onBlur={() => setShortcut(tidy(shortcut))}
        />
        <small id={`${id}-shortcut-hint`}>{words.shortcutHint}</small>
      </div>
      <div class="field">
        <label for={`${id}-title`}>{words.replyTitle}</label>
        <input
          id={`${id}-title`}
          value={title}
          maxLength={MAX_REPLY_TITLE}
          autocomplete="off"
          dir="auto"
          aria-describedby={`${id}-title-hint`}
          onInput={(event) => setTitle(event.currentTarget.value)}
        />
        <small id={`${id}-title-hint`}>{words.titleHint}</small>
      </div>
      <div class="field">
        <label for={`${id}-text`}>{words.text}</label>
        <textarea
          id={`${id}-text`}
          ref={text}
          value={body}
          rows={5}
          required
          maxLength={MAX_CONTENT}
          dir="auto"
          aria-describedby={`${id}-text-hint`}
          onInput={(event) => setBody(event.currentTarget.value)}
        />
        <small id={`${id}-text-hint`}>{words.textHint}</small>
        <div class="page-buttons">
          <button class="button" type="button" onClick={() => write('{{user.name}}')}>
            {words.userName}
          </button>
          <button class="button" type="button" onClick={() => write('{{agent.name}}')}>
            {words.agentName}
          </button>
        </div>
      </div>
      <div class="page-buttons">
        <button class="button" aria-disabled={isBusy}>
          {words.save}
        </button>
        <button class="button" type="button" onClick={cancel}>
          {words.cancel}
        </button>
      </div>
      <Problem text={refusal && sayRefusal(refusal)} />
    </form>
  )
}
