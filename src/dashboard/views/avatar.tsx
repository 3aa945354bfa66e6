import type { JSX } from 'preact'
import { initial } from '../../ui/initial.ts'
import { useDashboard } from './context.ts'

export function Avatar({ of, large = false }: { of: string; large?: boolean }): JSX.Element {
  const { words } = useDashboard()
  return (
    <span class={large ? 'avatar is-large' : 'avatar'} aria-hidden="true">
      {initial(of, words.locale)}
    </span>
  )
}
