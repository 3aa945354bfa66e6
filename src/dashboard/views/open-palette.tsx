// Ctrl+K, or Cmd+K on a Mac, opens the palette, also while somebody types. It is loaded then. Its box is there at once, so that
// no key that is meant for it writes into a message, or is a shortcut of the page.
import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { MAX_SEARCH } from '../../protocol/search-query.ts'
import type { PaletteDialog } from '../palette/dialog.tsx'
import { shortcutOf } from '../state/shortcut.ts'
import { useDashboard } from './context.ts'
import { SearchIcon } from './icons.tsx'

const isMac = /^(Mac|iP)/.test(navigator.platform)

/** The same key as the letter alone would be, on whatever layout */
function isMeant(event: KeyboardEvent): boolean {
  const { key, code, shiftKey, ctrlKey, metaKey, altKey, isComposing } = event
  if (altKey || ctrlKey === isMac || metaKey !== isMac) return false
  const alone = { key, code, shiftKey, altKey, isComposing, ctrlKey: false, metaKey: false }
  return shortcutOf({ ...alone, getModifierState: (name) => event.getModifierState(name) }) === 'k'
}

export function OpenPalette(): JSX.Element | null {
  const { desk, words } = useDashboard()
  const { palette } = desk
  const [Dialog, setDialog] = useState<typeof PaletteDialog | null>(null)
  const [typed, setTyped] = useState('')
  const [isComposing, setComposing] = useState(false)
  const offered = palette.value
  const isOpen = offered !== null
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || !isMeant(event)) return
      event.preventDefault()
      if (document.querySelector('dialog[open]') === null) palette.value = 'all'
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [desk])
  useEffect(() => {
    if (!isOpen) return setTyped('')
    if (Dialog !== null) return
    import('../palette/dialog.tsx')
      .then(async ({ PaletteDialog, paletteStyles }) => {
        await paletteStyles()
        setDialog(() => PaletteDialog)
      })
      .catch(() => {
        palette.value = null
      })
  }, [isOpen])
  if (offered === null) return null
  // What an input method has begun would be lost with its box
  if (Dialog !== null && !isComposing) return <Dialog key={offered} typed={typed} isOnlyPeople={offered === 'people'} />
  return (
    <Waiting
      label={offered === 'people' ? words.newChat : words.findAnything}
      typed={setTyped}
      composing={setComposing}
    />
  )
}

interface WaitingProps {
  label: string
  typed: (text: string) => void
  composing: (isComposing: boolean) => void
}

function Waiting({ label, typed, composing }: WaitingProps): JSX.Element {
  const { desk } = useDashboard()
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    // Gives the focus back, so that the palette finds where it was
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      class="dialog palette"
      aria-label={label}
      onClose={() => {
        // Not where the palette has taken its place
        if (dialog.current) desk.palette.value = null
      }}
      onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}
    >
      <div class="palette-box">
        <SearchIcon />
        <input
          type="text"
          aria-label={label}
          placeholder={label}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxLength={MAX_SEARCH}
          dir="auto"
          onInput={(event) => typed(event.currentTarget.value)}
          onCompositionStart={() => composing(true)}
          onCompositionEnd={() => composing(false)}
        />
      </div>
    </dialog>
  )
}
