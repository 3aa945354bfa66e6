// What is due when nobody asks for it. Processes that live on do it by timers of their own; elsewhere a schedule asks for it.
import type { Answers } from '../assistant/answers.ts'
import type { Departures } from '../assignment/departures.ts'
import type { AttachmentSweep } from '../attachments/sweep.ts'
import type { Notifier } from '../notifications/notifier.ts'
import type { Revocations } from '../people/revocations.ts'
import type { Pushes } from '../push/pushes.ts'
import type { VisitorSweep } from '../people/visitor-sweep.ts'
import type { Retention } from '../retention/retention.ts'
import type { Clock } from '../ports/clock.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import type { Turn } from '../work/due-worker.ts'
import { TimeLimit } from '../work/time-limit.ts'

/** How long a run takes at most, unless the caller says otherwise (ms): the shortest limit of functions is 10 s */
export const RUN_WITHIN = 8_000

const NOTHING: Turn = { taken: 0, isDone: true }

/** What a run did */
export interface JobsRun {
  /** Messages to which the assistant was asked for an answer */
  answers: number
  /** E-mails that were taken up; `deskbell why` tells what became of each */
  mails: number
  /** Webhooks that were taken up; the log tells what became of each */
  webhooks: number
  /** Visitors who were erased because they were away for long */
  erased_visitors: number
  /** Files that were deleted: uploads that nobody sent, and those of erased chats */
  deleted_files: number
  /** False: more is due, or is still under way; the next run goes on with it */
  is_done: boolean
}

export interface JobsOptions {
  clock: Clock
  /** Null: no assistant answers */
  answers: Pick<Answers, 'runDue'> | null
  notifiers: Pick<Notifier, 'runDue'>[]
  webhooks: Pick<Webhooks, 'runDue'>
  sweep: Pick<VisitorSweep, 'runDue'>
  /** Null: messages carry no files */
  fileSweep: Pick<AttachmentSweep, 'runDue'> | null
  retention: Pick<Retention, 'runDue'> | null
  revocations: Pick<Revocations, 'forgetOld' | 'refresh'>
  /** The chats of staff who left */
  departures: Pick<Departures, 'runDue'>
  /** Null: staff get no push notifications */
  pushes: Pick<Pushes, 'sweep'> | null
}

export class Jobs {
  readonly #options: JobsOptions

  constructor(options: JobsOptions) {
    this.#options = options
  }

  /**
   * Does what is due. Any number of runs may overlap, here and elsewhere, and one that is killed loses nothing: the database knows what
   * was claimed, and until when.
   * @param within milliseconds; in the last quarter nothing is begun any more
   * @throws StoreUnavailable
   */
  async run(within = RUN_WITHIN): Promise<JobsRun> {
    const { clock, answers, notifiers, webhooks, sweep, fileSweep } = this.#options
    const { retention, revocations, departures, pushes } = this.#options
    const limit = new TimeLimit(clock, within)
    // First, since it fails where the database is away: then there is nothing else to do
    await revocations.forgetOld()
    await revocations.refresh()
    const [answered, mails, sent, left, erased, files] = await Promise.all([
      answers?.runDue(limit) ?? NOTHING,
      Promise.all(notifiers.map((notifier) => notifier.runDue(limit))),
      webhooks.runDue(limit),
      departures.runDue(limit),
      sweep.runDue(limit),
      fileSweep?.runDue(limit) ?? 0,
      retention?.runDue(limit),
      pushes?.sweep(),
    ])
    return {
      answers: answered.taken,
      mails: mails.reduce((sum, { taken }) => sum + taken, 0),
      webhooks: sent.taken,
      erased_visitors: erased,
      deleted_files: files,
      is_done: [answered, ...mails, sent, left].every(({ isDone }) => isDone),
    }
  }
}
