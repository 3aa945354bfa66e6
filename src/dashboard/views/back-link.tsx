import type { ComponentChildren, JSX } from 'preact'
import { useDashboard } from './context.ts'
import { isPlainClick } from './plain-click.ts'

interface Props {
  class: string
  /** Shown as an icon instead, when it has children */
  text: string
  children?: ComponentChildren
}

/** Leaves the open chat: a real link, so that it opens in a new tab, too */
export function BackLink({ class: name, text, children }: Props): JSX.Element {
  const { navigation, cursor } = useDashboard().desk
  return (
    <a
      class={name}
      href={navigation.href({ ...navigation.route.value, chat: null, at: null })}
      aria-label={children === undefined ? undefined : text}
      title={children === undefined ? undefined : text}
      onClick={(event) => {
        if (!isPlainClick(event)) return
        event.preventDefault()
        cursor.closeChat()
      }}
    >
      {children ?? text}
    </a>
  )
}
