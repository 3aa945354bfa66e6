// Says that the line is down, and only when it lasts: a blink of the network is nobody's business.
import { signal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { connection } from './link.ts'
import { strings } from './strings.ts'

const PATIENCE = 2_000
const shown = signal(false)

export function LinkBar(): JSX.Element {
  const status = connection.value
  const down = status === 'offline' || status === 'reconnecting'
  useEffect(() => {
    if (!down) {
      shown.value = false
      return
    }
    const timer = setTimeout(
      () => {
        shown.value = true
      },
      navigator.onLine ? PATIENCE : 0,
    )
    return () => clearTimeout(timer)
  }, [down])
  return (
    <div class="link-bar" role="status">
      {down && shown.value && <p>{status === 'offline' ? strings.offlineBar : strings.reconnectingBar}</p>}
    </div>
  )
}
