/** When staff answer */
export interface HoursOptions {
  /**
   * Days and times, as `Mo-Fr 9:00-17:00; Sa,Su 10:00-12:00,13:00-15:00`: two letters of the English names, 24 hours, several parts with
   * semicolons between them. `22:00-6:00` ends the next day
   */
  open: string
  /** The time zone of these times: an IANA name, such as `Europe/Berlin` */
  timeZone: string
}
