import { TYPING_REPEATS } from '../../protocol/timing.ts'
import type { Core } from '../core.ts'

/** Shows that the assistant is writing. @returns ends it */
export function showTyping(
  { hub, clock }: Pick<Core, 'hub' | 'clock'>,
  chatId: string,
  name: string | null,
): () => void {
  const tell = (typing: boolean) => hub.typing(chatId, { type: 'typing', sender_type: 'admin', name, typing })
  let cancel = (): void => undefined
  const repeat = (): void => {
    tell(true)
    cancel = clock.after(TYPING_REPEATS, repeat)
  }
  repeat()
  return () => {
    cancel()
    tell(false)
  }
}
