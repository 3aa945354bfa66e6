import type { DesktopPermission } from '../../state/environment.ts'

/** What the page of notifications says, in one language */
export interface NotificationsCatalogue {
  locale: string
  desktop: string
  desktopHint: string
  /** Where nothing can be turned on */
  obstacles: Record<Exclude<DesktopPermission, 'default' | 'granted'>, string>
  turnOn: string
  turnOff: string
  isOn: string
  showOne: string
  /** What the one that is shown says */
  sampleTitle: string
  sampleBody: string

  push: string
  pushHint: string
  /** Where nothing can be turned on */
  pushObstacles: NotificationsCatalogue['obstacles']
  pushSwitch: string
  /** How it ends by itself */
  pushEnds: string
  pushFailed: string

  sound: string
  soundSwitch: string
  soundHint: string
  playIt: string

  email: string
  emailSwitch: string
  /** @param after milliseconds for which a message waits before the mail */
  emailHint: (after: number) => string
  emailFailed: string
}
