import { afterEach, describe, expect, it, vi } from 'vitest'
import { formatterIn } from '../../ui/dates.ts'
import { words } from '../locales/hours.en.ts'
import { backText } from './back.ts'

afterEach(() => vi.unstubAllGlobals())

/** As local times, whatever the zone of the machine */
const local = (day: number, hours: number, minutes = 0): Date => new Date(2026, 0, day, hours, minutes)

describe('when staff are back', () => {
  it.each([
    // Friday, 16 January 2026
    [local(16, 20), local(16, 23, 30), 'Back at 11:30 PM.'],
    [local(16, 20), local(17, 9), 'Back tomorrow at 9:00 AM.'],
    [local(16, 23, 59), local(17, 0), 'Back tomorrow at 12:00 AM.'],
    [local(16, 20), local(19, 9), 'Back on Monday at 9:00 AM.'],
    [local(16, 20), local(22, 9), 'Back on Thursday at 9:00 AM.'],
    [local(16, 20), local(23, 9), 'Back on January 23 at 9:00 AM.'],
  ])('at %s, for %s, is said as %j', (now, until, said) => {
    vi.stubGlobal('navigator', { languages: ['en-US'] })
    expect(backText(words, formatterIn('en'), { until: until.toISOString(), now }).replace(/\s/g, ' ')).toContain(said)
  })
})
