// A part that is loaded when it is first wanted.
import { useEffect, useState } from 'preact/hooks'

export interface Late<T> {
  /** What has come of it; null if it did not come */
  part?: T | null
  /** Never rejects. Whoever wants next what did not come asks again */
  load: () => Promise<T | null>
  /** A hook: the part; undefined while it is not wanted, or on its way; null if it did not come */
  use: (isWanted: boolean) => T | null | undefined
}

/** @param load imports it */
export function late<T extends object>(load: () => Promise<T>): Late<T> {
  const self: Late<T> = {
    load: async () => (self.part ||= await load().catch(() => null)),
    use(isWanted) {
      const [, draw] = useState(self.part)
      useEffect(() => {
        if (isWanted) void self.load().then(draw)
      }, [isWanted])
      return isWanted ? self.part : undefined
    },
  }
  return self
}
