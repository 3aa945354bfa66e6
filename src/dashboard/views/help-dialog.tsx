import type { JSX } from 'preact'
import { useDashboard } from './context.ts'
import { CrossIcon } from './icons.tsx'

const HELP_ID = 'help'
const dialog = (): HTMLDialogElement | null => document.querySelector<HTMLDialogElement>(`#${HELP_ID}`)
export const openHelp = (): void => dialog()?.showModal()
export const helpIsOpen = (): boolean => dialog()?.open === true

/** A native dialog: it keeps the focus, closes on Escape and gives the focus back */
export function HelpDialog(): JSX.Element {
  const { words } = useDashboard()
  const close = (): void => dialog()?.close()
  return (
    <dialog
      id={HELP_ID}
      class="help"
      aria-labelledby="help-title"
      // A click on the backdrop is a click on the dialog itself
      onClick={(event) => event.target === event.currentTarget && close()}
    >
      <div class="help-box">
        <header>
          <h2 id="help-title">{words.helpTitle}</h2>
          <button class="icon-button" type="button" aria-label={words.close} onClick={close}>
            <CrossIcon />
          </button>
        </header>
        <dl>
          {words.shortcuts.map(([keys, what]) => (
            <div key={what}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </div>
    </dialog>
  )
}
