import type { JSX } from 'preact'
import { useDashboard } from './context.ts'

/** Says that the connection is lost. The live region is always rendered: screen readers announce only changes of one that exists */
export function ConnectionBar(): JSX.Element {
  const { desk, words } = useDashboard()
  const notice = desk.connectionNotice.value
  return (
    <div class="link-bar" role="status">
      {notice !== null && <p>{notice === 'offline' ? words.offlineBar : words.reconnectingBar}</p>}
    </div>
  )
}
