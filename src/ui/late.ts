// A part that is loaded when it is first wanted.
import { useEffect, useState } from 'preact/hooks'

/**
 * @param load imports it
 * @returns a hook: the part; undefined while it is not wanted, or on its way; null if it did not come. Whoever wants it next asks again
 */
export function late<T extends object>(load: () => Promise<T>): (isWanted: boolean) => T | null | undefined {
  let part: T | null | undefined
  return (isWanted) => {
    const [, draw] = useState<T | null>()
    useEffect(() => {
      const set = (loaded: T | null): void => draw((part = loaded))
      if (isWanted && !part) load().then(set, () => set(null))
    }, [isWanted])
    return isWanted ? part : undefined
  }
}
