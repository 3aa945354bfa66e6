// The routes of one's own account, which the dashboard's page uses.
import type { Hono } from 'hono'
import { z } from 'zod'
import type { RecoveryCodes, StaffAccount, TwoFactorSetup } from '../../protocol/account.ts'
import { DeskbellError } from '../../protocol/errors.ts'
import { readJson } from '../../server/http/input.ts'
import type { StaffMember } from '../../server/ports/store/accounts.ts'
import type { Accounts } from './accounts.ts'
import { accountRoute } from './api-route.ts'
import { KNOWN_BROWSER_FOR, type Caller, type RouteContext } from './route-context.ts'
import { newTotpSecret, totpUri } from './second-factor.ts'

const text = z.string().max(1_000)
/** `code`: of the second factor, or a recovery code */
const proof = z.strictObject({ password: text, code: text })

export function mountAccountApi(app: Hono, context: RouteContext): void {
  const { accounts, sessions, knownBrowser, clock } = context
  const route = accountRoute(app, context)

  /** What is asked for again, so that a browser that was left open is not enough */
  const confirmed = async <T>(member: StaffMember, work: (open: Accounts) => Promise<T>): Promise<T> => {
    const open = await accounts()
    return open.limits.confirmation(member.id, () => work(open))
  }

  route('GET', '/dashboard/account', async ({ identity, member }) => {
    const account: StaffAccount = {
      name: identity.name,
      email: identity.email,
      member: member && {
        role: member.role,
        has_password: context.passwords && member.password !== '',
        provider: context.oidc && member.identity !== null ? context.oidc.name : null,
        two_factor: member.totp !== null,
        recovery_codes: member.recovery?.split(' ').length ?? 0,
        waiting_mails: member.mails_off_at === null,
      },
      waiting_mails_after: context.staffMailsAfter,
    }
    return Response.json(account)
  })

  route('PUT', '/dashboard/account/waiting_mails', async (caller, c) => {
    const member = memberOf(caller)
    const { wanted } = await readJson(c.req.raw, z.strictObject({ wanted: z.boolean() }))
    await (await accounts()).wantMails(member, wanted)
    return c.body(null, 204)
  })

  route('POST', '/dashboard/account/password', async (caller, c) => {
    const member = memberOf(caller)
    const body = await readJson(c.req.raw, z.strictObject({ current: text, password: text }))
    const address = context.addressOf(c)
    const open = await accounts()
    const changed = await confirmed(member, () => open.changePassword(member, body, address))
    // All sessions have ended, this one too; this browser begins another
    const { token, expiresAt } = await open.sessions.start(member, address)
    sessions.set(c, token, Math.floor((expiresAt - clock.now()) / 1000))
    knownBrowser.set(c, open.browserMark(changed), KNOWN_BROWSER_FOR)
    return c.body(null, 204)
  })

  route('POST', '/dashboard/account/two_factor', async (caller) => {
    const { email } = memberOf(caller)
    const secret = await newTotpSecret()
    const setup: TwoFactorSetup = { secret, uri: await totpUri(secret, { appName: context.appName, email }) }
    return Response.json(setup)
  })
  route('PUT', '/dashboard/account/two_factor', async (caller, c) => {
    const member = memberOf(caller)
    const input = z.strictObject({ secret: text, code: text, password: text, current_code: text.default('') })
    const { current_code: currentCode, ...body } = await readJson(c.req.raw, input)
    const address = context.addressOf(c)
    const codes = await confirmed(member, ({ secondFactors }) =>
      secondFactors.turnOn(member, { ...body, currentCode }, address),
    )
    return Response.json({ recovery_codes: codes } satisfies RecoveryCodes)
  })
  route('DELETE', '/dashboard/account/two_factor', async (caller, c) => {
    const member = memberOf(caller)
    const body = await readJson(c.req.raw, proof)
    await confirmed(member, ({ secondFactors }) => secondFactors.turnOff(member, body, context.addressOf(c)))
    return c.body(null, 204)
  })
  route('POST', '/dashboard/account/recovery_codes', async (caller, c) => {
    const member = memberOf(caller)
    const body = await readJson(c.req.raw, proof)
    const codes = await confirmed(member, ({ secondFactors }) =>
      secondFactors.renewRecoveryCodes(member, body, context.addressOf(c)),
    )
    return Response.json({ recovery_codes: codes } satisfies RecoveryCodes)
  })
}

function memberOf({ member }: Caller): StaffMember {
  if (member === null) throw new DeskbellError('forbidden')
  return member
}
