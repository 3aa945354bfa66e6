// Time as the event loop of this process sees it. What a busy machine takes away from the process does not count, so a promise of
// seconds can be held to here.

const TICK = 10

let elapsed = 0
let last = performance.now()
setInterval(() => {
  const now = performance.now()
  elapsed += Math.min(now - last, 2 * TICK)
  last = now
}, TICK).unref()

/** Milliseconds, from a beginning that means nothing */
export const loopTime = (): number => elapsed
