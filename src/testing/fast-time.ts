// Makes time pass TIME_SPEED times faster for all code in this process that uses the global clock: at a speed of 20, a timeout of
// ten seconds takes half a second, with the same code and numbers. Network, disk and processor keep their speed. Import it before
// anything else, or start a process with `node --import` of it. Processes with the same TIME_ANCHOR have the same time.

const RealDate = Date
const { setTimeout: realTimeout, setInterval: realInterval } = globalThis
const realAbortTimeout = AbortSignal.timeout.bind(AbortSignal)

export const TIME_SPEED = Number(process.env['TIME_SPEED'] ?? 1)
export const TIME_ANCHOR = Number(process.env['TIME_ANCHOR'] ?? RealDate.now())

const now = (): number => Math.round(TIME_ANCHOR + (RealDate.now() - TIME_ANCHOR) * TIME_SPEED)

class FastDate extends RealDate {
  constructor(...parts: [] | [string | number | Date]) {
    super(...((parts.length === 0 ? [now()] : parts) as [number]))
  }
  static override now = now
}

if (TIME_SPEED !== 1) {
  globalThis.Date = FastDate as DateConstructor
  globalThis.setTimeout = Object.assign(
    (task: () => void, ms = 0, ...rest: []) => realTimeout(task, ms / TIME_SPEED, ...rest),
    realTimeout,
  ) as typeof setTimeout
  globalThis.setInterval = ((task: () => void, ms = 0, ...rest: []) =>
    realInterval(task, ms / TIME_SPEED, ...rest)) as typeof setInterval
  AbortSignal.timeout = (ms) => realAbortTimeout(ms / TIME_SPEED)
}

/** Milliseconds of the real clock */
export const realPause = (ms: number): Promise<void> => new Promise((resolve) => realTimeout(resolve, ms))
export const realNow = (): number => RealDate.now()
