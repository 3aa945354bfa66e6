/**
 * Measures how long the event loop is blocked, in processor time of this process, so that other processes do not count.
 * @returns a function that ends the measurement and returns the longest turn (ms)
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
