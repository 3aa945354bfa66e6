// Whether to say that the connection is away, and only when that lasts: a blink of the network concerns nobody.
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals'
import type { ConnectionStatus } from '../../client/connection/status.ts'
import type { Clock } from './environment.ts'

const PATIENCE = 2_000

export interface ConnectionNoticeOptions {
  status: ReadonlySignal<ConnectionStatus>
  clock: Clock
  isOnline: () => boolean
}

export class ConnectionNotice {
  /** null: nothing to say */
  readonly value: ReadonlySignal<'offline' | 'reconnecting' | null>
  readonly #stop: () => void

  constructor({ status, clock, isOnline }: ConnectionNoticeOptions) {
    const down = computed(() => {
      const now = status.value
      return now === 'offline' || now === 'reconnecting' ? now : null
    })
    const isDown = computed(() => down.value !== null)
    const lasts = signal(false)
    this.value = computed(() => (lasts.value ? down.value : null))
    this.#stop = effect(() => {
      if (!isDown.value) {
        lasts.value = false
        return undefined
      }
      return clock.after(isOnline() ? PATIENCE : 0, () => {
        lasts.value = true
      })
    })
  }

  close(): void {
    this.#stop()
  }
}
