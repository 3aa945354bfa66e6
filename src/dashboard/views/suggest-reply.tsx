// The assistant's draft in the box for a reply, as it comes. Whoever types meanwhile has the box from then on, and one click takes it back.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { suggestReply } from '../../client/staff/suggest-reply.ts'
import { useDashboard } from './context.ts'
import { SparkIcon, StopIcon } from './icons.tsx'

type Outcome = 'done' | 'none' | 'failed'

interface Props {
  chatId: string
}

export function SuggestReply({ chatId }: Props): JSX.Element | null {
  const { desk, words } = useDashboard()
  const area = useRef<HTMLDivElement>(null)
  const [drafting, setDrafting] = useState<AbortController | null>(null)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  /** What was in the box before the draft; null: there is nothing to take back */
  const [before, setBefore] = useState<string | null>(null)
  /** What the box has when nobody but the draft wrote to it */
  const written = useRef('')
  const box = (): HTMLTextAreaElement | null => area.current?.closest('.compose')?.querySelector('textarea') ?? null
  const { api } = desk.openChat.conversation.value ?? {}

  async function draft(): Promise<void> {
    const field = box()
    if (!field || !api) return
    const controller = new AbortController()
    const old = field.value
    const start = old.trim() === '' ? '' : `${old.trimEnd()}\n\n`
    let text = ''
    setDrafting(controller)
    setOutcome(null)
    written.current = old
    try {
      for await (const piece of suggestReply(api, chatId, controller.signal)) {
        if (controller.signal.aborted || field.value !== written.current) break
        text += piece
        write(field, start + text)
        setBefore(old)
      }
      setOutcome(text === '' ? (controller.signal.aborted ? null : 'none') : 'done')
    } catch {
      setOutcome(controller.signal.aborted ? null : 'failed')
    }
    controller.abort()
    setDrafting((now) => (now === controller ? null : now))
  }
  function write(field: HTMLTextAreaElement, text: string): void {
    field.value = text
    // As the box has it
    written.current = field.value
    field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText' }))
    field.scrollTop = field.scrollHeight
  }
  function undo(): void {
    const field = box()
    if (!field || before === null) return
    write(field, before)
    setBefore(null)
    setOutcome(null)
    field.focus()
  }

  useEffect(() => {
    const compose = area.current?.closest('.compose')
    /** The text is the person's own now, or was sent */
    const onInput = ({ target }: Event): void => {
      if (!(target instanceof HTMLTextAreaElement) || target.value === written.current) return
      setBefore(null)
      setOutcome(null)
    }
    const onSend = (): void => {
      drafting?.abort()
      setBefore(null)
      setOutcome(null)
    }
    compose?.addEventListener('input', onInput)
    compose?.addEventListener('submit', onSend)
    return () => {
      compose?.removeEventListener('input', onInput)
      compose?.removeEventListener('submit', onSend)
    }
  }, [drafting])
  useEffect(() => () => drafting?.abort(), [drafting])

  const label = drafting ? words.suggestStop : words.suggest
  return (
    <div class="suggest" ref={area}>
      {before !== null && !drafting && (
        <button type="button" class="suggest-undo" onClick={undo}>
          {words.suggestUndo}
        </button>
      )}
      {(outcome === 'none' || outcome === 'failed') && (
        <span class="suggest-outcome">{outcome === 'none' ? words.suggestNone : words.suggestFailed}</span>
      )}
      <button
        type="button"
        class={drafting ? 'icon-button suggest-button is-drafting' : 'icon-button suggest-button'}
        aria-label={label}
        title={label}
        onClick={() => (drafting ? drafting.abort() : void draft())}
      >
        {drafting ? <StopIcon /> : <SparkIcon />}
      </button>
      <p class="sr" role="status">
        {outcome === 'done'
          ? words.suggestDone
          : outcome && (outcome === 'none' ? words.suggestNone : words.suggestFailed)}
      </p>
    </div>
  )
}
