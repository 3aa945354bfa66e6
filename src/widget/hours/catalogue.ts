/** What the panel says outside of the hours of staff. Times are those of the reader's clock, in their way to write them */
export interface HoursCatalogue {
  /** BCP 47 */
  locale: string
  backToday: (time: string) => string
  backTomorrow: (time: string) => string
  /** @param day a weekday, or a date where that is more than six days ahead */
  backOn: (day: string, time: string) => string
}
