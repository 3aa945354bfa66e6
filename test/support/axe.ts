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
  await page.evaluate(axe)
  const found = (await page.evaluate('axe.run()')) as { violations: Violation[] }
  await page.emulateMedia({ reducedMotion: null })
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((n) => `${id}: ${n.html.slice(0, 200)} ${n.failureSummary ?? ''}`),
  )
}
