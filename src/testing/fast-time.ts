// Makes time pass TIME_SPEED times faster for everything in this process that asks the global clock: a line that is found dead
// after ten seconds is then found dead after half a second, by the same code with the same numbers. The network, the disk and
// the processor stay as fast as they are. Import it before anything else, or start a process with `node --import` of it.
// Processes with the same TIME_ANCHOR agree on what time it is.

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

/** Milliseconds of the real clock, whatever the others do */
export const realPause = (ms: number): Promise<void> => new Promise((resolve) => realTimeout(resolve, ms))
export const realNow = (): number => RealDate.now()
