import type { JSX } from 'preact'
import type { DashboardCatalogue } from '../catalogue.ts'
import { useDashboard } from './context.ts'
import { CrossIcon } from './icons.tsx'

const HELP_ID = 'help'
const dialog = (): HTMLDialogElement | null => document.querySelector<HTMLDialogElement>(`#${HELP_ID}`)
export const openHelp = (): void => dialog()?.showModal()

/** A native dialog: it keeps the focus, closes on Escape and gives the focus back */
export function HelpDialog(): JSX.Element {
  const { desk, words } = useDashboard()
  const { singleKeys } = desk.preferences
  const works = ([keys]: DashboardCatalogue['shortcuts'][number]): boolean =>
    singleKeys.value || !keys.some((key) => /^[a-z/?]$/.test(key))
  const close = (): void => dialog()?.close()
  return (
    <dialog
      id={HELP_ID}
      class="dialog help"
      aria-labelledby="help-title"
      // A click on the backdrop is a click on the dialog itself
      onClick={(event) => event.target === event.currentTarget && close()}
    >
      <div class="dialog-box">
        <header>
          <h2 id="help-title">{words.helpTitle}</h2>
          <button class="icon-button" type="button" aria-label={words.close} onClick={close}>
            <CrossIcon />
          </button>
        </header>
        <dl>
          {words.shortcuts.filter(works).map(([keys, what]) => (
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
        <label class="switch">
          <input
            type="checkbox"
            checked={singleKeys.value}
            onChange={(event) => {
              singleKeys.value = event.currentTarget.checked
            }}
          />
          <span>
            {words.singleKeys}
            <span class="switch-hint">{words.singleKeysHint}</span>
          </span>
        </label>
      </div>
    </dialog>
  )
}
