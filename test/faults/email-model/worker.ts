// A process that sends e-mails: its own connection to the database, its own connections to the provider. It can be killed.
import { server } from '../../../src/server/locales/en.ts'
import { Origins } from '../../../src/server/http/origins.ts'
import { mailComposer } from '../../../src/server/notifications/mail-composer.ts'
import { STANDARD_LOOK } from '../../../src/server/notifications/mail-look.ts'
import { tokens } from '../../../src/server/people/token.ts'
import type { NotificationStore } from '../../../src/server/notifications/send-notification.ts'
import { Notifier } from '../../../src/server/notifications/notifier.ts'
import { ProviderPause } from '../../../src/server/notifications/provider-pause.ts'
import type { Clock } from '../../../src/server/ports/clock.ts'
import type { Mailer } from '../../../src/server/ports/mailer.ts'
import type { DueNotification } from '../../../src/server/ports/store/notifications.ts'
import type { Store } from '../../../src/server/ports/store/store.ts'
import type { ProviderChoice, TestProvider } from '../../support/mail-providers.ts'
import type { SmtpMode } from '../../support/smtp.ts'

export interface WorkerOptions {
  /** A connection of its own */
  open: () => Promise<Store>
  clock: Clock
  delay: number
  provider: ProviderChoice
  mode: SmtpMode
  /** @returns called when the store has agreed */
  onHandingOver: (due: DueNotification) => () => void
}

const URL = 'https://acme.example'
const SECRET = 'a secret that only the tests know, 32+'
const MAILS = {
  words: server,
  appName: 'Acme',
  look: STANDARD_LOOK,
  template: null,
  replyAddresses: null,
  publicUrl: URL,
  home: URL,
  secret: SECRET,
  origins: new Origins([URL]),
  tokens: tokens(SECRET),
  onError: () => undefined,
}
/** Longer than a life takes: here silence ends when the life says so */
const PATIENCE = 60_000

export class Worker {
  /** The provider, as this process sees it */
  readonly provider: TestProvider
  readonly #store: Store
  readonly #notifier: Notifier
  #sending = 0
  #isDead = false

  private constructor(running: TestProvider, store: Store, { clock, delay, provider, onHandingOver }: WorkerOptions) {
    this.provider = running
    this.#store = store
    const claims = new Map<string, DueNotification>()
    const compose = mailComposer({ ...MAILS, store, clock })
    this.#notifier = new Notifier({
      kind: 'reply',
      clock,
      notifyAfter: () => delay,
      mailer: this.#watched(provider.mailer(running.url, PATIENCE)),
      compose: (due) => this.#counted(() => compose(due)),
      onError: () => undefined,
      pause: new ProviderPause(clock),
      store: this.#mortal({
        claimNotifications: async (query) => {
          const claimed = await store.claimNotifications(query)
          for (const one of claimed.due) claims.set(`${one.id} ${one.claim}`, one)
          return claimed
        },
        async handOverNotification(claim, at, lease) {
          const due = claims.get(`${claim.id} ${claim.claim}`)
          const onHandedOver = due && onHandingOver(due)
          const isOurs = await store.handOverNotification(claim, at, lease)
          if (isOurs) onHandedOver?.()
          return isOurs
        },
        settleNotification: (claim, outcome, at) => store.settleNotification(claim, outcome, at),
        nextNotification: () => store.nextNotification('reply'),
      }),
    })
  }

  static async start(options: WorkerOptions): Promise<Worker> {
    const running = await options.provider.start()
    running.mode = options.mode
    return new Worker(running, await options.open(), options)
  }

  /** Nothing moves until somebody else does something */
  get isQuiet(): boolean {
    return this.#isDead || this.#sending === this.provider.stalled
  }

  /** From here on it writes nothing and sends nothing */
  async kill(): Promise<void> {
    this.#isDead = true
    await this.provider.stop()
    await this.#store.close()
  }

  async stop(): Promise<void> {
    if (this.#isDead) return
    this.provider.cut()
    await this.#notifier.close()
    await this.kill()
  }

  #mortal(store: NotificationStore): NotificationStore {
    const unlessDead = <T>(work: () => Promise<T>): Promise<T> => (this.#isDead ? new Promise(() => undefined) : work())
    return {
      claimNotifications: (query) => unlessDead(() => store.claimNotifications(query)),
      handOverNotification: (claim, at, lease) => unlessDead(() => store.handOverNotification(claim, at, lease)),
      settleNotification: (claim, outcome, at) => unlessDead(() => store.settleNotification(claim, outcome, at)),
      nextNotification: () => unlessDead(() => store.nextNotification('reply')),
    }
  }

  #watched(mailer: Mailer): Mailer {
    return { ...mailer, send: (mail, handover) => this.#counted(() => mailer.send(mail, handover)) }
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.#sending++
    try {
      return await work()
    } finally {
      // What follows from it is done, or begun, before this process counts as quiet
      setImmediate(() => this.#sending--)
    }
  }
}
