// Answers by itself what users write. The database says what is to be answered, and by whom; it also stores at most one answer to a message.
import type { SupportActivity } from '../../protocol/activity.ts'
import { TYPING_REPEATS } from '../../protocol/timing.ts'
import type { ChatEvent } from '../events/chat-event.ts'
import { isoTime } from '../ports/clock.ts'
import type { DueAnswer } from '../ports/store/answers.ts'
import type { Afterwork } from '../stop/afterwork.ts'
import { DELIVERIES } from '../stop/budget.ts'
import { DueWorker, type Turn } from '../work/due-worker.ts'
import { TimeLimit } from '../work/time-limit.ts'
import { giveAnswer, type AnswerParts } from './give-answer.ts'

/** From a message to the look at it (ms), so that two in a row get one answer. None where no process lives on to wait */
export const ANSWER_AFTER = 1_000
/** Answers under way on one node */
const AT_ONCE = 20
/** How long a claim lasts (ms) unless it is renewed */
const LEASE = 15_000
/** How often a node renews it, and finds out that nobody needs the answer any more */
const RENEW_EVERY = TYPING_REPEATS
/** What a call may take beside its own time: reading the chat and storing the answer (ms) */
const BESIDE = 10_000

export interface AnswersOptions extends AnswerParts {
  onError: (error: unknown) => void
  /** See `DueWork.onDemand` */
  onDemand: boolean
  afterwork: Pick<Afterwork, 'add'>
}

interface UnderWay {
  seq: number
  controller: AbortController
}

export class Answers {
  readonly #options: AnswersOptions
  readonly #worker: DueWorker<DueAnswer>
  /** By chat */
  readonly #underWay = new Map<string, UnderWay>()
  #closed = false

  constructor(options: AnswersOptions) {
    this.#options = options
    const { store, clock, onError, onDemand, afterwork, assistant } = options
    this.#worker = new DueWorker({
      clock,
      onError,
      onDemand,
      afterwork,
      atOnce: AT_ONCE,
      patience: assistant.timeout + BESIDE,
      claim: (limit) => store.claimAnswers({ at: isoTime(clock.now()), lease: LEASE, limit }),
      next: () => store.nextAnswer(),
      work: (due) => this.#answer(due),
    })
  }

  /** Looks at what users write, and gives up what others answered or took over */
  receive(events: readonly ChatEvent[]): void {
    const { clock, onDemand, afterwork, assistant } = this.#options
    let asked = false
    for (const event of events) {
      if (event.type === 'message') {
        const { sender_type, seq } = event.message
        asked ||= sender_type === 'user'
        const running = this.#underWay.get(event.chat.id)
        if (running && running.seq < seq) running.controller.abort()
      } else if (event.type === 'archived' || (event.type === 'activity' && takesOver(event.activity)))
        this.#underWay.get(event.chat.id)?.controller.abort()
    }
    if (!asked) return
    if (onDemand) afterwork.add(this.#worker.runDue(new TimeLimit(clock, assistant.timeout + BESIDE)))
    else this.#worker.lookIn(ANSWER_AFTER)
  }

  /** Answers what is due. Never rejects */
  runDue(limit: TimeLimit): Promise<Turn> {
    return this.#worker.runDue(limit)
  }

  /** Gives up what is under way. Another node, or the next start, answers it at once */
  close(): Promise<void> {
    this.#closed = true
    for (const { controller } of this.#underWay.values()) controller.abort()
    return this.#worker.close(DELIVERIES)
  }

  async #answer(due: DueAnswer): Promise<void> {
    const { store, clock, onError } = this.#options
    const controller = new AbortController()
    const { signal } = controller
    const mine = { seq: due.seq, controller }
    // Aborted by the later message, whose answer this is
    this.#underWay.get(due.chat_id)?.controller.abort()
    this.#underWay.set(due.chat_id, mine)
    let cancel = (): void => undefined
    const renew = async (): Promise<void> => {
      const stands = await store.renewAnswer(due, isoTime(clock.now() + LEASE)).catch((error: unknown) => {
        onError(error)
        return true
      })
      if (!stands) controller.abort()
      if (!signal.aborted) cancel = clock.after(RENEW_EVERY, () => void renew())
    }
    cancel = clock.after(RENEW_EVERY, () => void renew())
    try {
      if (this.#closed) controller.abort()
      const isOver = await giveAnswer(due, signal, this.#options)
      if (this.#closed) await store.renewAnswer(due, isoTime(clock.now()))
      else if (isOver || signal.aborted) await store.forgetAnswer(due)
    } finally {
      cancel()
      controller.abort()
      if (this.#underWay.get(due.chat_id) === mine) this.#underWay.delete(due.chat_id)
    }
  }
}

/** A person of staff answers from now on. Taking a chat from somebody gives it to no other person */
const takesOver = (activity: SupportActivity): boolean =>
  activity.kind === 'handed_over' || (activity.kind === 'assigned' && activity.body.assignee_id !== null)
