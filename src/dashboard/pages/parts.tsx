// What the pages are made of.
import type { ComponentChildren, JSX } from 'preact'
import { useId, useState } from 'preact/hooks'

/** A part of a page under a heading of its own */
export function Part({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  const id = useId()
  return (
    <section class="page-part" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  )
}

/** What did not work; it is read out */
export function Problem({ text }: { text: string | null }): JSX.Element {
  return (
    <p class="page-error" role="alert">
      {text}
    </p>
  )
}

interface FieldProps {
  label: string
  value: string
  set: (value: string) => void
  type?: 'text' | 'password' | 'email'
  /** `autocomplete` */
  fills?: string
  hint?: string
}

export function Field({ label, value, set, type = 'text', fills = 'off', hint }: FieldProps): JSX.Element {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        // Preact's types want one literal
        type={type as 'text'}
        value={value}
        autocomplete={fills}
        required
        dir={type === 'text' ? 'auto' : undefined}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onInput={(event) => set(event.currentTarget.value)}
      />
      {hint !== undefined && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  )
}

interface CopyProps {
  text: string
  label: string
  done: string
}

export function CopyButton({ text, label, done }: CopyProps): JSX.Element {
  const [isCopied, setCopied] = useState(false)
  return (
    <>
      <button
        class="button"
        type="button"
        onClick={() =>
          void navigator.clipboard.writeText(text).then(
            () => setCopied(true),
            () => setCopied(false),
          )
        }
      >
        {label}
      </button>
      <span class="copied" role="status">
        {isCopied && done}
      </span>
    </>
  )
}
