// Whose chats the list shows. A search looks at everybody's, so a choice ends it.
import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import type { Whose } from '../../client/staff/list-order.ts'
import { useDashboard } from './context.ts'

const CHOICES: readonly (Whose | null)[] = [null, 'me', 'none']
const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

export function WhoseFilter(): JSX.Element {
  const { desk, words } = useDashboard()
  const { cursor, navigation, search } = desk
  const group = useRef<HTMLDivElement>(null)
  const whose = search.results.value === null ? navigation.route.value.assignee : null
  const label = (which: Whose | null): string =>
    which === null ? words.everybody : which === 'me' ? words.mine : words.unassigned
  function choose(which: Whose | null): void {
    cursor.at.value = null
    search.clear()
    navigation.navigate({ assignee: which })
  }
  function onKeyDown(event: KeyboardEvent): void {
    const { direction } = getComputedStyle(event.currentTarget as Element)
    const step = STEPS[event.key]
    if (step === undefined) return
    event.preventDefault()
    const isTurned = direction === 'rtl' && /Left|Right/.test(event.key)
    const at = (CHOICES.indexOf(whose) + (isTurned ? -step : step) + CHOICES.length) % CHOICES.length
    choose(CHOICES[at] ?? null)
    group.current?.querySelectorAll('button')[at]?.focus()
  }
  return (
    <div class="whose" role="radiogroup" aria-label={words.whoseLabel} ref={group} onKeyDown={onKeyDown}>
      {CHOICES.map((which) => (
        <button
          key={which}
          type="button"
          role="radio"
          aria-checked={whose === which}
          tabIndex={whose === which ? 0 : -1}
          onClick={() => choose(which)}
        >
          {label(which)}
        </button>
      ))}
    </div>
  )
}
