// The tags of the open chat, beside who the person is: to add, to remove, and to see the other chats that have one.
import type { JSX } from 'preact'
import { useId, useRef, useState } from 'preact/hooks'
import { MAX_TAG, MAX_TAGS, tagIn } from '../../protocol/tags.ts'
import { useDashboard } from './context.ts'
import { TagChip } from './tag-chip.tsx'

export function ChatTags(): JSX.Element {
  const { desk, words } = useDashboard()
  const { tags: state, navigation } = desk
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const id = useId()
  const tags = state.value.value
  // In the field at once: it may be left before it is drawn again, and what is in it then is added
  const clear = (): void => {
    if (field.current) field.current.value = ''
    setText('')
  }
  const add = (): void => {
    const tag = tagIn(field.current?.value ?? '')
    clear()
    if (tag !== null && !tags.includes(tag)) void state.change({ add: [tag] })
  }
  return (
    <div class="chat-tags" role="group" aria-labelledby={`${id}-label`}>
      <span class="chat-tags-label" id={`${id}-label`}>
        {words.tags}
      </span>
      {tags.length > 0 && (
        <ul>
          {tags.map((tag) => (
            <li key={tag}>
              <TagChip
                tag={tag}
                show={() => navigation.navigate({ tag })}
                remove={() => {
                  field.current?.focus()
                  void state.change({ remove: [tag] })
                }}
              />
            </li>
          ))}
        </ul>
      )}
      {tags.length < MAX_TAGS && (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            add()
          }}
        >
          <input
            ref={field}
            class="tag-field"
            value={text}
            maxLength={MAX_TAG}
            placeholder={words.addTag}
            aria-label={words.addTag}
            autocomplete="off"
            autocapitalize="none"
            dir="auto"
            list={`${id}-known`}
            onFocus={() => void state.loadKnown()}
            onInput={(event) => setText(event.currentTarget.value)}
            onBlur={() => {
              // The whole window was left, and somebody may come back to go on
              if (document.activeElement !== field.current) add()
            }}
            onKeyDown={(event) => {
              if (event.isComposing) return
              if (event.key === 'Escape') clear()
              if (event.key !== ',') return
              event.preventDefault()
              add()
            }}
          />
          <datalist id={`${id}-known`}>
            {state.known.value
              .filter((tag) => !tags.includes(tag))
              .map((tag) => (
                <option key={tag} value={tag} />
              ))}
          </datalist>
        </form>
      )}
    </div>
  )
}
