// Selecting several chats: a box in each row, and a bar above the list, which is loaded when somebody begins.
import { signal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type * as Loaded from '../selection/bar.tsx'
import { useDashboard } from './context.ts'
import { SelectIcon } from './icons.tsx'

export function SelectButton(): JSX.Element | null {
  const { desk, words } = useDashboard()
  const { selection, preferences } = desk
  const isOn = selection.isOn.value
  if (!selection.isPossible.value) return null
  return (
    <button
      class="icon-button"
      type="button"
      aria-pressed={isOn}
      aria-label={words.selectChats}
      aria-keyshortcuts={preferences.singleKeys.value ? 'x' : undefined}
      title={words.selectChats}
      onClick={() => (isOn ? selection.end() : selection.choose([]))}
    >
      <SelectIcon />
    </button>
  )
}

/** What is loaded when somebody begins to select; null: it is not here yet */
export const selecting = signal<typeof Loaded | null>(null)

export function OpenSelection(): JSX.Element | null {
  const { selection } = useDashboard().desk
  const isOn = selection.isOn.value
  const Bar = selecting.value?.SelectionBar
  useEffect(() => {
    if (!isOn || Bar) return
    import('../selection/bar.tsx')
      .then(async (bar) => {
        await bar.selectionStyles()
        selecting.value = bar
      })
      // Nothing can be done with what is selected
      .catch(() => selection.end())
  }, [isOn])
  return isOn && Bar ? <Bar /> : null
}
