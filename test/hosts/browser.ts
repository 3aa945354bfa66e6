import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { inject } from 'vitest'
import { within } from '../../src/standalone/within.ts'
// What it provides is typed there
import type {} from './install.ts'

/** The one Chromium of the run. Closing it closes what was opened by this connection, and nothing of other tests */
export const connectBrowser = (): Promise<Browser> => chromium.connect(inject('browser'))

/** Milliseconds. Playwright waits without an end for what is opened or closed, and one was seen to take minutes */
const LIMIT = 60_000

export const openContext = (browser: Browser): Promise<BrowserContext> => within(LIMIT, browser.newContext())

/** An empty page, of which nothing is ours yet: when it does not come, the browser alone is at fault, and is asked once more */
export async function openPage(context: BrowserContext): Promise<Page> {
  const open = (): Promise<Page> => within(LIMIT, context.newPage())
  try {
    return await open()
  } catch (error) {
    console.warn(`Chromium opened no page, and is asked again: ${(error as Error).message}`)
    return open()
  }
}

export const close = (it: Page | BrowserContext): Promise<void> => within(LIMIT, it.close())
