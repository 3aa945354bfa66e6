// The box for a new message: grows with the text, keeps the draft, sends on Enter.
import { h } from 'preact'
import type { VNode } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { SupportAttachment } from '../protocol/attachments.ts'
import { MAX_CONTENT } from '../protocol/limits.ts'
import { isEmpty } from '../protocol/message.ts'
import type { ConversationCatalogue } from './catalogue.ts'
import type { Drafts } from './drafts.ts'
import type { AttachBox } from './files/attach-box.ts'
import { SendIcon } from './icons.tsx'
import { UNKNOWN_KEY } from './unknown-key.ts'

export interface ComposerProps {
  words: ConversationCatalogue
  drafts: Drafts
  /** Whose draft this is: the chat */
  draftKey: string
  /** The files that go with the message; nothing where no files can be sent */
  attach?: AttachBox | null | undefined
  /** Returns whether it was taken; otherwise the text stays in the box */
  onSend: (content: string, attachments?: SupportAttachment[]) => boolean
  onTyping: (typing: boolean) => void
  /** Called with a function that puts the cursor into the box */
  focusRef?: (focus: () => void) => void
}

/** Characters that are left when the counter appears */
const COUNT_FROM = 500
/** Fixed: a shadow root, or a page, has one composer */
const COUNTER = 'db-counter'

/** Characters that fill the box on the widest screen */
const LONG = 2_000

const leftOf = (text: string): number => MAX_CONTENT - text.trim().length
const isSendable = (text: string, files?: AttachBox['state']): boolean =>
  leftOf(text) >= 0 && files !== 'busy' && (files === 'ready' || !isEmpty({ content: text }))

export function Composer(props: ComposerProps): VNode {
  const { words, drafts, draftKey, attach, onSend, onTyping } = props
  const box = useRef<HTMLTextAreaElement>(null)
  const mayBeEnter = useRef(false)
  const [draft, setDraft] = useState({ key: draftKey, text: drafts.get(draftKey) })
  const text = draft.key === draftKey ? draft.text : drafts.get(draftKey)
  const left = leftOf(text)

  const write = (next: string): void => {
    drafts.set(draftKey, next)
    setDraft({ key: draftKey, text: next })
  }
  const send = (): void => {
    // What a composition has just ended may not be drawn yet
    const written = box.current?.value ?? ''
    if (!isSendable(written, attach?.state)) return
    if (onSend(written, attach?.take())) write('')
    box.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    // Safari ends a composition with an Enter that no longer says that it is composing
    const isUnknown = event.keyCode === UNKNOWN_KEY
    mayBeEnter.current = isUnknown && !event.shiftKey
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || isUnknown) return
    event.preventDefault()
    send()
  }
  /** Keyboards on screens, and Korean ones, do not say which key it was, but what would come of it */
  const onBeforeInput = (event: InputEvent): void => {
    if (event.inputType !== 'insertLineBreak' || event.isComposing || !mayBeEnter.current) return
    event.preventDefault()
    send()
  }

  useEffect(() => drafts.watch(draftKey, () => setDraft({ key: draftKey, text: drafts.get(draftKey) })), [draftKey])
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    // One line, and more than the box ever shows: measuring that would take longer than a key press
    if (!text || text.length > LONG) {
      element.style.blockSize = text && '100vb'
      return
    }
    const form = element.form?.style
    // Held meanwhile: a form that shrinks for a moment moves the messages above it
    form?.setProperty('min-block-size', `${element.form?.offsetHeight}px`)
    element.style.blockSize = 'auto'
    element.style.blockSize = `${element.scrollHeight}px`
    form?.removeProperty('min-block-size')
  }, [text])
  // Another object, so that it is drawn again
  useEffect(() => attach?.join(box.current, () => setDraft((now) => ({ ...now }))), [attach])
  useLayoutEffect(() => {
    props.focusRef?.(() => box.current?.focus({ preventScroll: true }))
  }, [])

  return (
    <form
      class="db-composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {attach?.list(h)}
      <div class="db-field">
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          value={text}
          aria-label={words.message}
          aria-describedby={COUNTER}
          placeholder={words.placeholder}
          enterkeyhint="send"
          autocomplete="off"
          onInput={(event) => {
            write(event.currentTarget.value)
            onTyping(!isEmpty({ content: event.currentTarget.value }))
          }}
          onBlur={() => onTyping(false)}
          onKeyDown={onKeyDown}
          onBeforeInput={onBeforeInput}
        />
        {/* After the text, which does not move when it comes */}
        {attach?.button(h)}
        <button
          type="submit"
          class="db-send"
          aria-label={words.send}
          title={words.send}
          disabled={!isSendable(text, attach?.state)}
        >
          <SendIcon />
        </button>
      </div>
      {/* `refuseFiles` writes here */}
      <div class="db-refusal" role="status" />
      <div class={`db-counter${left < 0 ? ' db-over' : ''}`} id={COUNTER}>
        {left < 0 ? words.over(-left) : left < COUNT_FROM && words.left(left)}
      </div>
    </form>
  )
}
