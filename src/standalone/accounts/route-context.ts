// What the routes of accounts share: who is asking, from where, and how a link reaches somebody.
import type { Context } from 'hono'
import type { SentLink } from '../../protocol/account.ts'
import type { DeskbellError } from '../../protocol/errors.ts'
import type { Origins } from '../../server/http/origins.ts'
import type { MailLook } from '../../server/notifications/mail-look.ts'
import type { Identity } from '../../server/people/identity.ts'
import type { Clock } from '../../server/ports/clock.ts'
import type { Mailer } from '../../server/ports/mailer.ts'
import type { StaffMember } from '../../server/ports/store/accounts.ts'
import type { Accounts } from './accounts.ts'
import { addressOf } from './address-of.ts'
import type { AccountsCatalogue } from './catalogue.ts'
import type { Cookie } from './cookies.ts'
import { linkTo } from './links.ts'
import type { OidcSettings } from './oidc/provider.ts'
import { nameOf } from './member.ts'
import { composeLinkMail, sendMail, type LinkMail } from './mail.ts'
import type { StaffAddresses } from './staff-addresses.ts'

/** Seconds: as long as browsers keep a cookie (RFC 6265bis, 5.5) */
export const KNOWN_BROWSER_FOR = 400 * 24 * 3600

export interface Caller {
  identity: Identity
  /** null: they came by a token, and have no account */
  member: StaffMember | null
}

export interface RouteContextOptions {
  words: AccountsCatalogue
  accounts: () => Promise<Accounts>
  /** Whom the session cookie names; null: nobody */
  callerOf: (request: Request) => Promise<Caller | null>
  sessions: Cookie
  secondFactor: Cookie
  /** Kept when a session ends: see limits.ts */
  knownBrowser: Cookie
  /** On the way to the OpenID provider and back */
  journey: Cookie
  /** Members can sign in with passwords */
  passwords: boolean
  /** The OpenID provider; null: there is none */
  oidc: OidcSettings | null
  origins: Origins
  clock: Clock
  appName: string
  /** Of the mails */
  look: MailLook
  publicUrl: string
  trustProxy: number
  /** How long a message waits before staff get a mail about it (ms); null: they get none */
  staffMailsAfter: number | null
  addresses: StaffAddresses
  /** null: no e-mails are sent, and links are shown to owners instead */
  mailer: Mailer | null
  /** Links are shown to owners also where they were sent: to the mailbox, which is no mail service */
  showsLinks: boolean
  /** The server printed a link that signs in without an account */
  printsTicket: boolean
  /** Called for each attempt that was refused */
  refused: (error: DeskbellError) => void
  report: (error: unknown) => void
}

export interface MountOptions extends Omit<RouteContextOptions, 'words'> {
  /** The path of a request, below the mount */
  getPath: (request: Request) => string
  /** Staff have accounts. Otherwise the API tells no more than who is signed in */
  hasAccounts: boolean
}

export interface RouteContext extends RouteContextOptions {
  /** As a key for limits, and for the audit log */
  addressOf(c: Context): string | null
  sendInvitation(token: string, email: string, who: string): Promise<SentLink>
  /** Makes the link, and sends it */
  sendReset(member: StaffMember): Promise<SentLink>
}

export function routeContext(options: RouteContextOptions): RouteContext {
  const { words, accounts, appName, look, publicUrl, mailer, addresses, showsLinks, trustProxy, report } = options

  /** Never rejects: where the mail does not go out, the link is there to copy */
  async function send(mail: Omit<LinkMail, 'look'>): Promise<SentLink> {
    if (mailer === null) return { sent: false, link: mail.link }
    const { address } = mail.to
    try {
      // An earlier mail came back, and services punish those who go on sending
      if (await addresses.blockOf(address)) return { sent: false, link: mail.link }
      const reference = await addresses.referenceOf(address)
      await sendMail(mailer, { ...(await composeLinkMail(words, { ...mail, look })), reference })
      return { sent: !showsLinks, link: showsLinks ? mail.link : null }
    } catch (error) {
      report(error)
      return { sent: false, link: mail.link }
    }
  }

  return {
    ...options,
    addressOf: (c) => addressOf(c, trustProxy),
    sendInvitation: (token, email, who) =>
      send({
        to: { name: '', address: email },
        subject: words.mail.invitationSubject(appName),
        text: words.mail.invitation(appName, who),
        button: words.mail.invitationButton,
        link: linkTo(publicUrl, 'join', token),
      }),
    async sendReset(member) {
      const token = await (await accounts()).resetToken(member)
      return send({
        to: { name: nameOf(member), address: member.email },
        subject: words.mail.resetSubject(appName),
        text: words.mail.reset(appName),
        button: words.mail.resetButton,
        link: linkTo(publicUrl, 'reset', token),
      })
    },
  }
}
