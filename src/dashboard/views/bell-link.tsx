// Says at a glance whether the desktop tells of new messages, and leads to where that is set. A real link, so that it opens in a new tab, too
import type { JSX } from 'preact'
import { useDashboard } from './context.ts'
import { BellIcon, BellOffIcon } from './icons.tsx'
import { isPlainClick } from './plain-click.ts'

export function BellLink(): JSX.Element {
  const { desk, words } = useDashboard()
  const { navigation } = desk
  const here = navigation.route.value
  const isOn = desk.alerts.isOn.value
  const label = isOn ? words.bellOn : words.bellOff
  return (
    <a
      class="icon-button bell-link"
      href={navigation.href({ ...here, chat: null, at: null, page: 'notifications' })}
      aria-label={label}
      aria-current={here.page === 'notifications' ? 'page' : undefined}
      title={label}
      onClick={(event) => {
        if (!isPlainClick(event)) return
        event.preventDefault()
        navigation.navigate({ page: 'notifications' })
      }}
    >
      {isOn ? <BellIcon /> : <BellOffIcon />}
    </a>
  )
}
