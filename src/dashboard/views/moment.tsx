import type { JSX } from 'preact'
import { useDashboard } from './context.ts'

/** How long ago it was; exactly, on a closer look */
export function Moment({ at }: { at: string }): JSX.Element {
  const { desk, moments } = useDashboard()
  return (
    <time dateTime={at} title={moments.exact(at)}>
      {moments.ago(at, desk.now.value)}
    </time>
  )
}
