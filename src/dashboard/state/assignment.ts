// Who of staff has a chat, and who can have it.
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals'
import type { ActivityState } from '../../client/staff/activity-feed.ts'
import { idOf } from '../../protocol/person.ts'
import type { AdminSupportChat, Assignee, Colleague, SupportChatListItem } from '../../protocol/types.ts'
import type { Clock } from './environment.ts'
import { Settling } from './settling.ts'

export interface AssignmentOptions {
  /** The chat that the address names */
  id: ReadonlySignal<string | null>
  /** The open chat, as the server said when it was opened */
  about: ReadonlySignal<AdminSupportChat | null>
  /** What only staff see of the open chat */
  activity: ReadonlySignal<ActivityState | null>
  /** What a list knows of a chat */
  row: (id: string) => SupportChatListItem | undefined
  /** Who looks, as a `personTag` */
  person: () => string | null
  loadColleagues: () => Promise<Colleague[]>
  assign: (id: string, assigneeId: string | null) => Promise<Assignee | null>
  /** Something was assigned, which is not told by itself where no connection is */
  assigned: () => void
  failed: () => void
  clock: Clock
}

export class Assignment {
  /** Who has the open chat; undefined: not known yet */
  readonly assignee: ReadonlySignal<Assignee | null | undefined>
  /** null: not loaded yet */
  readonly colleagues = signal<readonly Colleague[] | null>(null)
  readonly failedToLoad = signal(false)
  /** The menu of the open chat */
  readonly isChoosing = signal(false)

  readonly #options: AssignmentOptions
  /** Somebody else has just assigned these: a key that follows at once was meant for what had been there */
  readonly #settling: Settling<string | null>
  readonly #stops: (() => void)[]

  constructor(options: AssignmentOptions) {
    this.#options = options
    const { id, about, activity, clock } = options
    this.#settling = new Settling(clock)
    this.assignee = computed(() => {
      if (about.value === null) return undefined
      // Activity is in the order of what happened, so all screens agree on the last one, whoever's answer was faster
      const last = activity.value?.activities.findLast(({ kind }) => kind === 'assigned')
      if (last?.kind !== 'assigned') return about.value.assignee
      const { assignee_id, assignee_name: name } = last.body
      return assignee_id === null ? null : { id: assignee_id, name }
    })
    const shown = computed(() => {
      const [chat, assignee] = [id.value, this.assignee.value]
      return chat === null || assignee === undefined ? null : { chat, state: assignee?.id ?? null }
    })
    this.#stops = [
      this.#settling.watch(shown),
      effect(() => {
        // Each chat begins without the menu
        if (id.value !== undefined) this.isChoosing.value = false
      }),
    ]
  }

  isMine(assignee: Assignee | null | undefined): boolean {
    return assignee !== null && assignee !== undefined && assignee.id === this.#me
  }

  /** The row of a chat changed in the list */
  rowChanged(before: SupportChatListItem | undefined, chat: SupportChatListItem): void {
    const now = chat.assignee?.id ?? null
    if (before !== undefined && (before.assignee?.id ?? null) !== now) this.#settling.changed(chat.id, now)
  }

  /** Takes a chat, or gives it back when we have it; never rejects */
  async toggleMine(chat: string): Promise<void> {
    const { id, row } = this.#options
    const me = this.#me
    const assignee = chat === id.peek() ? this.assignee.peek() : row(chat)?.assignee
    if (me === null || assignee === undefined || this.#settling.has(chat)) return
    await this.assign(chat, this.isMine(assignee) ? null : me)
  }

  /** Never rejects. @param assigneeId null: nobody */
  async assign(chat: string, assigneeId: string | null): Promise<void> {
    const { assign, assigned, failed } = this.#options
    const takeBack = this.#settling.own(chat, assigneeId)
    try {
      await assign(chat, assigneeId)
      assigned()
    } catch {
      takeBack()
      failed()
    }
  }

  /** Asks again, since people come and go; what is known stays meanwhile. Never rejects */
  async loadColleagues(): Promise<void> {
    this.failedToLoad.value = false
    try {
      this.colleagues.value = await this.#options.loadColleagues()
    } catch {
      this.failedToLoad.value = true
    }
  }

  close(): void {
    for (const stop of this.#stops) stop()
    this.#settling.close()
  }

  get #me(): string | null {
    const person = this.#options.person()
    return person === null ? null : idOf(person)
  }
}
