// Clocks of a time zone, by `Intl` alone.

const DAY = 86_400_000

export interface Zone {
  /** What clocks show at an instant (ms since 1970), as the instant at which those of UTC show the same; to the second */
  localOf(instant: number): number
  /**
   * When clocks show that. Where they show it twice, since they are turned back, the first time; where never, since they are turned
   * forward, as long after the turn as it would be without
   */
  instantOf(local: number): number
}

/** @throws RangeError for a name that is no time zone's */
export function zoneOf(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })

  function localOf(instant: number): number {
    const shown: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
    for (const { type, value } of format.formatToParts(instant)) shown[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown
    return Date.UTC(year, month - 1, day, hour, minute, second)
  }

  return {
    localOf,
    instantOf(local) {
      // The offsets on both sides of a turn, if there is one near
      const [before, after] = [local - DAY, local + DAY].map((near) => localOf(near) - near) as [number, number]
      return (
        [before, after].map((offset) => local - offset).find((instant) => localOf(instant) === local) ?? local - before
      )
    },
  }
}
