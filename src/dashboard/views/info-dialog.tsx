import type { JSX } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { ChatFacts } from './chat-info.tsx'
import { useDashboard } from './context.ts'
import { CrossIcon, PersonIcon } from './icons.tsx'

/** Who the person is, where the right zone has no room: a button in the head, which opens a native dialog */
export function InfoDialog(): JSX.Element | null {
  const { desk, words } = useDashboard()
  const dialog = useRef<HTMLDialogElement>(null)
  const [isOpen, setOpen] = useState(false)
  useLayoutEffect(() => {
    if (isOpen) dialog.current?.showModal()
  }, [isOpen])
  const chat = desk.openChat.about.value
  if (chat === null) return null
  const close = (): void => dialog.current?.close()
  return (
    <>
      <button
        class="icon-button info-button"
        type="button"
        aria-haspopup="dialog"
        aria-label={words.infoLabel}
        title={words.infoLabel}
        onClick={() => setOpen(true)}
      >
        <PersonIcon />
      </button>
      {isOpen && (
        <dialog
          ref={dialog}
          class="dialog"
          aria-labelledby="info-title"
          onClose={() => setOpen(false)}
          // A click on the backdrop is a click on the dialog itself
          onClick={(event) => event.target === event.currentTarget && close()}
        >
          <div class="dialog-box">
            <header>
              <h2 id="info-title">{words.infoLabel}</h2>
              <button class="icon-button" type="button" aria-label={words.close} onClick={close}>
                <CrossIcon />
              </button>
            </header>
            <ChatFacts of={chat} />
          </div>
        </dialog>
      )}
    </>
  )
}
