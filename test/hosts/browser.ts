import { chromium, type Browser } from 'playwright-core'
import { inject } from 'vitest'
// What it provides is typed there
import type {} from './install.ts'

/** The one Chromium of the run. Closing it closes what was opened by this connection, and nothing of other tests */
export const connectBrowser = (): Promise<Browser> => chromium.connect(inject('browser'))
