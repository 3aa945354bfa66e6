// How evenly a page draws its frames while something goes on in it.
import type { Page } from 'playwright-core'

export interface Frames {
  'frames a second': number
  /** Between two frames, in milliseconds */
  'longest gap ms': number
  /** Gaps in which a screen of 60 Hz misses a frame at least */
  missed: string
}

/** At 60 Hz a frame comes every 16.7 ms; one that comes within one and a half of that has missed none */
const MISSED = 25

export async function framesOf(page: Page, work: () => Promise<void>): Promise<Frames> {
  await page.evaluate(`{
    const at = (window.drawnAt = [])
    const note = (now) => { at.push(now); window.drawnAt === at && requestAnimationFrame(note) }
    requestAnimationFrame(note)
  }`)
  await work()
  const at = await page.evaluate<number[]>(`(() => { const at = drawnAt; window.drawnAt = null; return at })()`)
  const gaps = at.slice(1).map((now, i) => now - (at[i] ?? now))
  const total = gaps.reduce((a, b) => a + b, 0)
  return {
    'frames a second': Math.round((gaps.length / total) * 1_000),
    'longest gap ms': Math.round(Math.max(0, ...gaps)),
    missed: `${gaps.filter((gap) => gap > MISSED).length} of ${gaps.length}`,
  }
}
