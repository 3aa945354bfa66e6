// What the tabs of a browser have claimed, as the text that their storage keeps.

/** However many messages come, the text stays short */
const MOST = 2_000

/**
 * @param before an earlier `text`
 * @param ms how long the keys are then taken
 * @param now ms since 1970-01-01 UTC
 * @returns for each key, whether it was free
 */
export function claimKeys(
  before: string | null,
  keys: readonly string[],
  ms: number,
  now: number,
): { text: string; isFree: boolean[] } {
  /** Until when each is taken */
  const taken = new Map<string, number>()
  for (const line of before?.split('\n') ?? []) {
    const [key = '', until] = line.split('\t')
    if (Number(until) > now) taken.set(key, Number(until))
  }
  const isFree = keys.map((key) => !taken.has(key))
  keys.forEach((key, i) => isFree[i] && taken.set(key, now + ms))
  return {
    text: [...taken]
      .slice(-MOST)
      .map((entry) => entry.join('\t'))
      .join('\n'),
    isFree,
  }
}
