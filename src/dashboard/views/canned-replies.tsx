// The way to a canned reply, beside the box for a reply or a note: a button, or a slash at the start of a line. The picker itself is
// loaded when it is first wanted.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { lateStyles } from '../late-styles.ts'
import { typedAt } from '../state/typed-reply.ts'
import { useDashboard } from './context.ts'
import { CannedIcon } from './icons.tsx'
import type { Place, ReplyPicker } from './reply-picker.tsx'

const pickerStyles = lateStyles(new URL('../css/replies.css', import.meta.url).href)

export function CannedReplies(): JSX.Element {
  const { desk, words } = useDashboard()
  const button = useRef<HTMLButtonElement>(null)
  const [place, setPlace] = useState<Place | null>(null)
  const [Picker, setPicker] = useState<typeof ReplyPicker | null>(null)
  /** Of the slash at which the person closed the picker */
  const closedAt = useRef<number | null>(null)
  const isInserting = useRef(false)
  const compose = (): HTMLElement | null => button.current?.closest<HTMLElement>('.compose') ?? null
  const box = (): HTMLTextAreaElement | null => compose()?.querySelector('textarea') ?? null

  /** Without a network it cannot be had, and a slash stays a slash */
  async function load(): Promise<void> {
    try {
      const [{ ReplyPicker: loaded }] = await Promise.all([import('./reply-picker.tsx'), pickerStyles()])
      setPicker(() => loaded)
    } catch {
      setPlace(null)
    }
  }
  function open(at: Place): void {
    if (place === null) {
      void desk.cannedReplies.refresh()
      // Its styles may have stayed away before
      void load()
    }
    setPlace(at)
  }
  function close(): void {
    if (place !== null && place.typed !== null) closedAt.current = place.from
    setPlace(null)
    if (place?.typed === null) box()?.focus()
  }
  function insert(reply: string): void {
    const field = box()
    if (place === null || field === null) return
    setPlace(null)
    // As the box has them, so that places in both are the same
    const text = reply.replace(/\r\n?/g, '\n')
    // What was typed since the button was pressed has moved the cursor
    const { from, to } = place.typed === null ? { from: field.selectionStart, to: field.selectionEnd } : place
    isInserting.current = true
    insertText(field, from, to, text)
    isInserting.current = false
    // What only the person can fill in comes next
    const open = /\{\{[^{}]*\}\}/.exec(text)
    if (open) field.setSelectionRange(from + open.index, from + open.index + open[0].length)
  }

  useEffect(() => {
    const area = compose()
    /** `mayOpen`: the text has changed, and not only the cursor moved */
    const follow = (field: EventTarget | null, mayOpen: boolean): void => {
      if (!(field instanceof HTMLTextAreaElement) || isInserting.current) return
      const typed = typedAt(field.value, field.selectionStart)
      if (typed?.from !== closedAt.current) closedAt.current = null
      if (typed === null) return setPlace((now) => (now?.typed === null ? now : null))
      const isMeant = mayOpen || place !== null
      if (isMeant && closedAt.current === null) open({ from: typed.from, to: field.selectionStart, typed: typed.query })
    }
    // So that it is there before an Enter that is meant for it
    const onFocus = (): void => {
      if (Picker === null) void load()
    }
    const onInput = ({ target }: Event): void => follow(target, true)
    const onMove = ({ target }: Event): void => follow(target, false)
    const onLeave = ({ relatedTarget }: FocusEvent): void => {
      if (!(relatedTarget instanceof Node && area?.contains(relatedTarget))) setPlace(null)
    }
    /** The box begins anew */
    const onSend = (): void => {
      closedAt.current = null
    }
    area?.addEventListener('focusin', onFocus)
    area?.addEventListener('submit', onSend)
    area?.addEventListener('input', onInput)
    area?.addEventListener('keyup', onMove)
    area?.addEventListener('click', onMove)
    area?.addEventListener('focusout', onLeave)
    return () => {
      area?.removeEventListener('focusin', onFocus)
      area?.removeEventListener('submit', onSend)
      area?.removeEventListener('input', onInput)
      area?.removeEventListener('keyup', onMove)
      area?.removeEventListener('click', onMove)
      area?.removeEventListener('focusout', onLeave)
    }
  })

  return (
    <>
      <button
        ref={button}
        class="icon-button canned-button"
        type="button"
        aria-label={words.cannedReplies}
        title={words.cannedReplies}
        aria-haspopup="dialog"
        aria-expanded={place?.typed === null}
        onClick={() => {
          if (place?.typed === null) return close()
          const field = box()
          if (field) open({ from: field.selectionStart, to: field.selectionEnd, typed: null })
        }}
      >
        <CannedIcon />
      </button>
      {place !== null && Picker !== null && (
        <Picker place={place} area={compose} box={box} insert={insert} close={close} />
      )}
    </>
  )
}

/** In place of a part of the text, so that the person can undo it */
function insertText(field: HTMLTextAreaElement, from: number, to: number, text: string): void {
  field.focus()
  field.setSelectionRange(from, to)
  // Deprecated, but nothing else keeps what one can undo
  if (document.execCommand('insertText', false, text)) return
  field.setRangeText(text, from, to, 'end')
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText' }))
}
