import type { BrowserContext } from 'playwright-core'
import { within } from '../../src/standalone/within.ts'

/** Milliseconds. Playwright waits without an end for what is closed, and one was seen to take minutes */
const LIMIT = 60_000

/** Closes what no test needs any more. The end of the browser closes it, too, so no test fails because Chromium does not */
export async function closeContext(context: BrowserContext): Promise<void> {
  await within(LIMIT, context.close()).catch((error: Error) =>
    console.warn(`Chromium closed no context: ${error.message}`),
  )
}
