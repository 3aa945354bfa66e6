import type { StaffPresence } from '../realtime/streams/staff-presence.ts'
import { mailComposer, type MailComposerOptions } from './mail-composer.ts'
import { Notifier, type NotifierOptions } from './notifier.ts'
import { staffMailComposer, type StaffMailComposerOptions, type StaffMails } from './staff-mails.ts'

type NotifiersOptions = Omit<NotifierOptions, 'kind' | 'compose' | 'staff'> &
  MailComposerOptions &
  Omit<StaffMailComposerOptions, 'to'> & {
    /** Null: staff get no mails */
    staffMails: StaffMails | null
    /** Mails to staff wait while those have the desk open whom they are for. Null: nobody can have it open at this process */
    staffPresence: Pick<StaffPresence, 'holds' | 'present'> | null
  }

/** One for the mails to users, and one for those to staff where they get any */
export function createNotifiers(options: NotifiersOptions): Notifier[] {
  const { staffMails, staffPresence } = options
  const notifiers = [new Notifier({ ...options, kind: 'reply', compose: mailComposer(options) })]
  if (!staffMails) return notifiers
  const compose = staffMailComposer({ ...options, to: staffMails.to })
  const notifyAfter = (): number => staffMails.after
  notifiers.push(new Notifier({ ...options, kind: 'waiting', notifyAfter, compose, staff: staffPresence }))
  return notifiers
}
