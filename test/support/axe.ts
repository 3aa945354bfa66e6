import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  id: string
  nodes: { html: string; failureSummary?: string }[]
}

/** What axe complains about; the page's context has to have `bypassCSP` */
export async function violations(page: Page): Promise<string[]> {
  // Animations are half-transparent for a moment, which is no state that anyone reads
  await page.emulateMedia({ reducedMotion: 'reduce' })
  if (!(await page.evaluate(`'axe' in globalThis`))) await page.evaluate(axe)
  // What it found in order is most of the answer, and half of the work
  const run = `axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)`
  const found = await page.evaluate<Violation[]>(run)
  await page.emulateMedia({ reducedMotion: null })
  return found.flatMap(({ id, nodes }) => nodes.map((n) => `${id}: ${n.html.slice(0, 200)} ${n.failureSummary ?? ''}`))
}
