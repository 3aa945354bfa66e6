// Time as the event loop of this process sees it. Time that other processes take does not count, so promises in seconds can be
// tested on a busy machine.

const TICK = 10

let elapsed = 0
let last = performance.now()
setInterval(() => {
  const now = performance.now()
  elapsed += Math.min(now - last, 2 * TICK)
  last = now
}, TICK).unref()

/** Milliseconds since an arbitrary start */
export const loopTime = (): number => elapsed
