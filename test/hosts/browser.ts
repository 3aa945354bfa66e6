import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { inject } from 'vitest'
import { within } from '../../src/standalone/within.ts'
// What it provides is typed there
import type {} from './install.ts'

/** The one Chromium of the run. Closing it closes what was opened by this connection, and nothing of other tests */
export const connectBrowser = (): Promise<Browser> => chromium.connect(inject('browser'))

/** Milliseconds. Playwright waits without an end for what is opened */
const LIMIT = 60_000

/** Nothing of what it opens is ours yet: when it does not come, the browser alone is at fault, and is asked once more */
async function opened<T>(what: string, open: () => Promise<T>): Promise<T> {
  try {
    return await within(LIMIT, open())
  } catch (error) {
    console.warn(`Chromium opened no ${what}, and is asked again: ${(error as Error).message}`)
    return within(LIMIT, open())
  }
}

export const openContext = (browser: Browser): Promise<BrowserContext> => opened('context', () => browser.newContext())

/** Leave it open until its context closes: Chromium was seen to stand still when a page was closed on its way to another */
export const openPage = (context: BrowserContext): Promise<Page> => opened('page', () => context.newPage())
