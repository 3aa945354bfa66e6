/**
 * Watches how long the event loop is held up, in processor time of this process: what a busy machine takes away does not count.
 * @returns ends it, and tells the longest turn so far (ms)
 */
export function longestTurn(): () => number {
  let longest = 0
  let isOver = false
  let before = process.cpuUsage()
  const turn = (): void => {
    const { user, system } = process.cpuUsage(before)
    longest = Math.max(longest, (user + system) / 1_000)
    before = process.cpuUsage()
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  return () => {
    isOver = true
    return longest
  }
}
