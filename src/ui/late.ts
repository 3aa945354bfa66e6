// A part that is loaded when it is first wanted.
import { useEffect, useState } from 'preact/hooks'

export interface Late<T> {
  /** What has come of it; null if it did not come, or not in time */
  part?: T | null
  /** Never rejects. Whoever wants next what did not come asks again */
  load: () => Promise<T | null>
  /** A hook: the part; undefined while it is not wanted, or on its way; null if it did not come */
  use: (isWanted: boolean) => T | null | undefined
}

/**
 * @param load imports it
 * @param patience milliseconds after which nobody waits for it; it may still come
 */
export function late<T extends object>(load: () => Promise<T>, patience?: number): Late<T> {
  const self: Late<T> = {
    load: async () => (self.part = (await load().catch(() => null)) || self.part || null),
    use(isWanted) {
      const [, draw] = useState(self.part)
      useEffect(() => {
        if (isWanted && !self.part) void self.load().then(draw)
        if (patience) setTimeout(() => draw((self.part ||= null)), patience)
      }, [isWanted])
      return isWanted ? self.part : undefined
    },
  }
  return self
}
