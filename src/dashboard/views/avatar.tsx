import type { JSX } from 'preact'
import { initial } from '../../ui/initial.ts'
import { useDashboard } from './context.ts'
import { hueOf } from './hue-of.ts'

/** Between ASCII characters there are no borders to find, which takes as long as drawing a row of the list */
const quickInitial = (name: string, locale: string): string =>
  /^[a-z\d][ -~]/i.test(name) ? name.charAt(0).toLocaleUpperCase(locale) : initial(name, locale)

export function Avatar({ of, large = false }: { of: string; large?: boolean }): JSX.Element {
  const { words } = useDashboard()
  return (
    <span class={large ? 'avatar is-large' : 'avatar'} style={{ '--face-hue': String(hueOf(of)) }} aria-hidden="true">
      {quickInitial(of, words.locale)}
    </span>
  )
}
