// The routes of one's own account, which the dashboard's page uses.
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import type { RecoveryCodes, StaffAccount, TwoFactorSetup } from '../../protocol/account.ts'
import { DeskbellError } from '../../protocol/errors.ts'
import { readJson } from '../../server/http/input.ts'
import type { StaffMember } from '../../server/ports/store/accounts.ts'
import { accountRoute } from './api-route.ts'
import type { Caller, RouteContext } from './route-context.ts'
import { newTotpSecret, totpUri } from './second-factor.ts'

const text = z.string().max(1_000)
const password = z.strictObject({ password: text })

export function mountAccountApi(app: Hono, context: RouteContext): void {
  const { accounts, limits, sessions, clock } = context
  const route = accountRoute(app, context)

  /** Whose password is asked for again, so that a browser that was left open is not enough. Wrong ones count as attempts to sign in */
  const confirmed = async <T>(c: Context, member: StaffMember, work: () => Promise<T>): Promise<T> => {
    const attempt = await limits.attempt(
      member.email,
      context.addressOf(c),
      () =>
        work().then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        ),
      (result) => 'value' in result,
    )
    if ('error' in attempt) throw attempt.error
    return attempt.value
  }

  route('GET', '/dashboard/account', async ({ identity, member }) => {
    const account: StaffAccount = {
      name: identity.name,
      email: identity.email,
      member: member && {
        role: member.role,
        has_password: member.password !== null,
        two_factor: member.totp !== null,
        recovery_codes: member.recovery?.split(' ').length ?? 0,
      },
    }
    return Response.json(account)
  })

  route('POST', '/dashboard/account/password', async (caller, c) => {
    const member = memberOf(caller)
    const body = await readJson(c.req.raw, z.strictObject({ current: text, password: text }))
    const open = await accounts()
    const address = context.addressOf(c)
    await confirmed(c, member, () => open.changePassword(member, body, address))
    // All sessions have ended, this one too; this browser begins another
    const { token, expiresAt } = await open.startSession(member, address)
    sessions.set(c, token, Math.floor((expiresAt - clock.now()) / 1000))
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
    const body = await readJson(c.req.raw, z.strictObject({ secret: text, code: text, password: text }))
    const open = await accounts()
    const codes = await confirmed(c, member, () => open.secondFactors.turnOn(member, body, context.addressOf(c)))
    return Response.json({ recovery_codes: codes } satisfies RecoveryCodes)
  })
  route('DELETE', '/dashboard/account/two_factor', async (caller, c) => {
    const member = memberOf(caller)
    const body = await readJson(c.req.raw, password)
    const open = await accounts()
    await confirmed(c, member, () => open.secondFactors.turnOff(member, body.password, context.addressOf(c)))
    return c.body(null, 204)
  })
  route('POST', '/dashboard/account/recovery_codes', async (caller, c) => {
    const member = memberOf(caller)
    const body = await readJson(c.req.raw, password)
    const open = await accounts()
    const codes = await confirmed(c, member, () =>
      open.secondFactors.renewRecoveryCodes(member, body.password, context.addressOf(c)),
    )
    return Response.json({ recovery_codes: codes } satisfies RecoveryCodes)
  })
}

function memberOf({ member }: Caller): StaffMember {
  if (member === null) throw new DeskbellError('forbidden')
  return member
}
