// Whose chats the list shows, or those in which somebody waits. A search looks at everybody's, so a choice ends it.
import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import type { Whose } from '../../client/staff/list-order.ts'
import { useDashboard } from './context.ts'

type Choice = Whose | 'everybody' | 'waiting'

const CHOICES: readonly Choice[] = ['everybody', 'me', 'none', 'waiting']
const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

export function WhoseFilter(): JSX.Element {
  const { desk, words } = useDashboard()
  const { cursor, navigation, search } = desk
  const group = useRef<HTMLDivElement>(null)
  const { assignee, waiting } = navigation.route.value
  const isSearch = search.results.value !== null
  const chosen: Choice = isSearch ? 'everybody' : waiting ? 'waiting' : (assignee ?? 'everybody')
  const labels: Record<Choice, string> = {
    everybody: words.everybody,
    me: words.mine,
    none: words.unassigned,
    waiting: words.waitingChats,
  }
  function choose(which: Choice): void {
    cursor.at.value = null
    search.clear()
    const whose = which === 'me' || which === 'none' ? which : null
    navigation.navigate({ assignee: whose, waiting: which === 'waiting' })
  }
  function onKeyDown(event: KeyboardEvent): void {
    const { direction } = getComputedStyle(event.currentTarget as Element)
    const step = STEPS[event.key]
    if (step === undefined) return
    event.preventDefault()
    const isTurned = direction === 'rtl' && /Left|Right/.test(event.key)
    const at = (CHOICES.indexOf(chosen) + (isTurned ? -step : step) + CHOICES.length) % CHOICES.length
    choose(CHOICES[at] ?? 'everybody')
    group.current?.querySelectorAll('button')[at]?.focus()
  }
  return (
    <div class="whose" role="radiogroup" aria-label={words.whoseLabel} ref={group} onKeyDown={onKeyDown}>
      {CHOICES.map((which) => (
        <button
          key={which}
          type="button"
          role="radio"
          aria-checked={chosen === which}
          tabIndex={chosen === which ? 0 : -1}
          onClick={() => choose(which)}
        >
          {labels[which]}
        </button>
      ))}
    </div>
  )
}
