import type { RealtimeAuth } from '../../../src/protocol/listening.ts'
import type { RealtimeHint, RealtimeTyping } from '../../../src/protocol/publication.ts'

/** `POST realtime/auth` for one listener. @throws Error when it is refused */
export type AskAuth = (body: { socket_id?: string }) => Promise<RealtimeAuth>

/** What one listener heard by the service's own client */
export class Heard {
  readonly hints: RealtimeHint[] = []
  readonly typing: RealtimeTyping[] = []
  readonly close: () => void

  constructor(close: () => void) {
    this.close = close
  }

  hint(data: unknown): void {
    this.hints.push(data as RealtimeHint)
  }

  typed(data: unknown): void {
    this.typing.push(data as RealtimeTyping)
  }
}
