import { RateLimit, type Rate } from '../http/rate-limit.ts'
import type { Clock } from '../ports/clock.ts'

/** Requests of all visitors behind one address. Each makes their own identity, so limits per person would not hold them */
const REQUESTS: Rate = { perSecond: 100, burst: 2_000 }
/** New chats from one address: enough for an office or a school behind it */
const NEW_CHATS: Rate = { perSecond: 0.1, burst: 30 }
/** New chats from all addresses together, on this node */
const ALL_NEW_CHATS: Rate = { perSecond: 5, burst: 500 }

/** Bounds what strangers can make the server do and store. An unknown address shares the limits of all unknown ones. */
export class VisitorLimits {
  readonly #requests: RateLimit
  readonly #newChats: RateLimit
  readonly #allNewChats: RateLimit

  constructor(clock: Clock) {
    this.#requests = new RateLimit(REQUESTS, clock)
    this.#newChats = new RateLimit(NEW_CHATS, clock)
    this.#allNewChats = new RateLimit(ALL_NEW_CHATS, clock)
  }

  /** @throws DeskbellError `rate_limited` */
  request(address = ''): void {
    this.#requests.take(address)
  }

  /** Call it before a chat is stored. @throws DeskbellError `rate_limited` */
  newChat(address = ''): void {
    this.#newChats.take(address)
    this.#allNewChats.take('')
  }
}
