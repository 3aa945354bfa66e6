// What the tabs of one browser agree on, so that a message is told of once, and by none while somebody attends to one of them.
// Web Locks end with their tab, however it ends. Where there are none, as without TLS, each tab is on its own.
import type { KeyValue } from '../client/storage.ts'
import { claimKeys } from './claims.ts'
import type { BrowserTabs } from './state/environment.ts'

/** What one tab stores, a tab in another process may read a moment later. Until then a lock tells it (ms) */
const UNTIL_STORED = 10_000

/** @param name of the installation: two may share an origin */
export function browserTabs(name: string, storage: KeyValue): BrowserTabs {
  const locks = 'locks' in navigator ? navigator.locks : null
  const attended = `deskbell:attended:${name}`
  const claimed = `deskbell:claimed:${name}`
  /** Tells the others that somebody has come to this one */
  const returns = new BroadcastChannel(`deskbell:returns:${name}`)
  let leave: (() => void) | null = null

  /** Resolves to whether no other tab holds it; never rejects */
  const hold = (key: string, ms: number): Promise<boolean> =>
    new Promise((resolve) => {
      if (locks === null) return resolve(true)
      const held = (lock: Lock | null): Promise<void> | null => {
        resolve(lock !== null)
        return lock && new Promise((done) => setTimeout(done, Math.min(ms, UNTIL_STORED)))
      }
      locks.request(`${claimed}:${key}`, { ifAvailable: true }, held).catch(() => resolve(true))
    })
  return {
    attend(isAttended) {
      if (isAttended === (leave !== null)) return
      leave?.()
      leave = null
      if (!isAttended) return
      const held = new Promise<void>((resolve) => (leave = resolve))
      returns.postMessage(null)
      locks?.request(attended, { mode: 'shared' }, () => held).catch(() => undefined)
    },
    onReturn(listener) {
      returns.addEventListener('message', listener)
      return () => returns.removeEventListener('message', listener)
    },
    async attendedElsewhere() {
      const known = await locks?.query().catch(() => undefined)
      return known?.held?.some((lock) => lock.name === attended) ?? false
    },
    async claim(keys, ms) {
      const isHeld = await Promise.all(keys.map((key) => hold(key, ms)))
      const own = keys.filter((_, i) => isHeld[i])
      const { text, isFree } = claimKeys(storage.get(claimed), own, ms, Date.now())
      if (isFree.includes(true)) storage.set(claimed, text)
      const free = new Set(own.filter((_, i) => isFree[i]))
      return keys.map((key) => free.has(key))
    },
  }
}
