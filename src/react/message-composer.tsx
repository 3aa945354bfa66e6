import { useEffect, useRef, useState, type ComponentPropsWithoutRef, type ReactElement, type ReactNode } from 'react'
import { isSendKey } from './send-key.ts'
import { MAX_CONTENT } from '../protocol/limits.ts'
import { isEmpty } from '../protocol/message.ts'
import type { UseSupportChat } from './use-support-chat.ts'

export interface MessageComposerProps extends Omit<
  ComponentPropsWithoutRef<'textarea'>,
  'children' | 'className' | 'value' | 'defaultValue'
> {
  support: Pick<UseSupportChat, 'sendMessage' | 'setTyping'>
  /** The name of the text box, for screen readers */
  label: string
  /** Of the form */
  className?: string | undefined
  /** What stands after the text box in the form, such as `<button>Send</button>` */
  children?: ReactNode | undefined
}

/**
 * A form with a text box and nothing that styles it: Enter sends, Shift+Enter begins a line, staff see that the user types.
 * Other props go to the text box. What cannot be sent stays in it; a text that is too long makes it `aria-invalid`.
 *
 * @example
 * <MessageComposer support={support} label="Message"><button>Send</button></MessageComposer>
 */
export function MessageComposer(props: MessageComposerProps): ReactElement {
  const { support, label, className, children, onChange, onBlur, ...box } = props
  const element = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState('')

  const send = (): void => {
    // What a composition has just ended may not be drawn yet
    const written = element.current?.value ?? ''
    if (isLong(written) || !support.sendMessage(written)) return
    setText('')
    element.current?.focus()
  }
  const newest = useRef(send)
  useEffect(() => {
    newest.current = send
  })
  // As the browser tells them: React's `onBeforeInput` is another event
  useEffect(() => {
    const own = element.current
    const onKey = (event: KeyboardEvent | InputEvent): void => {
      if (!isSendKey(event) || event.defaultPrevented) return
      event.preventDefault()
      newest.current()
    }
    own?.addEventListener('keydown', onKey)
    own?.addEventListener('beforeinput', onKey)
    return () => {
      own?.removeEventListener('keydown', onKey)
      own?.removeEventListener('beforeinput', onKey)
    }
  }, [])

  return (
    <form
      className={className}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <textarea
        rows={1}
        dir="auto"
        enterKeyHint="send"
        autoComplete="off"
        aria-invalid={isLong(text)}
        {...box}
        ref={element}
        aria-label={label}
        value={text}
        onChange={(event) => {
          onChange?.(event)
          setText(event.target.value)
          support.setTyping(!isEmpty({ content: event.target.value }))
        }}
        onBlur={(event) => {
          onBlur?.(event)
          support.setTyping(false)
        }}
      />
      {children}
    </form>
  )
}

const isLong = (text: string): boolean => text.trim().length > MAX_CONTENT
