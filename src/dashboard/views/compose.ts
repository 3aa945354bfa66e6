// Shortcuts and the palette know the box for a reply or a note before it is loaded.
import type { Signal } from '@preact/signals'
import type { ComposerKind } from '../state/open-activity.ts'

/** Goes to the box of this kind, which is drawn first where the other one is there */
export function compose(kind: Signal<ComposerKind>, wanted: ComposerKind): void {
  const focus = (): void => document.querySelector<HTMLTextAreaElement>('.chat-pane textarea')?.focus()
  if (kind.peek() === wanted) return focus()
  kind.value = wanted
  requestAnimationFrame(focus)
}
