// The routes of the team, which only owners may use: members, invitations, roles, and the audit log.
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import type { AuditEntry, Team } from '../../protocol/account.ts'
import { DeskbellError } from '../../protocol/errors.ts'
import { readJson } from '../../server/http/input.ts'
import type { StaffMember, StaffOutcome } from '../../server/ports/store/accounts.ts'
import type { Accounts } from './accounts.ts'
import { accountRoute } from './api-route.ts'
import type { RouteContext } from './route-context.ts'
import { AccountRefused, nameOf, type Actor } from './member.ts'

const AUDIT_PAGE = 50
const role = z.enum(['owner', 'agent'])
const uuid = z.uuid()

interface Request {
  c: Context
  owner: StaffMember
  actor: Actor
  accounts: Accounts
}

export function mountTeamApi(app: Hono, context: RouteContext): void {
  const mount = accountRoute(app, context)
  /** What is the owner's alone is refused here, whatever the dashboard shows */
  const route = (
    method: Parameters<typeof mount>[0],
    path: string,
    handle: (request: Request) => Promise<Response>,
  ): void =>
    mount(method, path, async ({ member }, c) => {
      if (member?.role !== 'owner') throw new DeskbellError('forbidden')
      const actor = { name: nameOf(member), address: context.addressOf(c) }
      return handle({ c, owner: member, actor, accounts: await context.accounts() })
    })

  const { addresses } = context
  const withBlock = async <T extends { email: string }>(one: T) => ({
    ...one,
    mail_block: await addresses.blockOf(one.email),
  })

  route('GET', '/dashboard/team', async ({ owner, accounts }) => {
    const [members, invitations] = await Promise.all([accounts.list(), accounts.invitations.list()])
    const team: Team = {
      passwords: context.passwords,
      members: await Promise.all(
        members.map((member) =>
          withBlock({
            id: member.id,
            name: member.name,
            email: member.email,
            role: member.role,
            two_factor: member.totp !== null,
            last_seen_at: member.last_seen_at,
            is_you: member.id === owner.id,
          }),
        ),
      ),
      invitations: await Promise.all(
        // One without an address was made on the command line, and is for whoever has the link
        invitations.flatMap(({ id, email, role: invited, created_at, expires_at }) =>
          email === null ? [] : [withBlock({ id, email, role: invited ?? 'agent', created_at, expires_at })],
        ),
      ),
    }
    return Response.json(team)
  })

  route('POST', '/dashboard/team/unblock_mail', async ({ c, actor, accounts }) => {
    const { email } = await readJson(c.req.raw, z.strictObject({ email: z.string().max(1_000) }))
    const [members, invitations] = await Promise.all([accounts.list(), accounts.invitations.list()])
    if (![...members, ...invitations].some((one) => one.email === email)) throw new DeskbellError('not_found')
    if (await addresses.unblock(email)) await accounts.record('mail_unblocked', actor, email)
    return c.body(null, 204)
  })

  route('POST', '/dashboard/team/invitations', async ({ c, actor, accounts }) => {
    const body = await readJson(c.req.raw, z.strictObject({ email: z.string(), role }))
    const email = body.email.trim()
    const token = await accounts.invitations.add({ email, role: body.role }, actor)
    return Response.json(await context.sendInvitation(token, email, actor.name ?? ''))
  })
  route('DELETE', '/dashboard/team/invitations/:id', async ({ c, actor, accounts }) => {
    if (!(await accounts.invitations.withdraw(c.req.param('id') ?? '', actor))) throw new DeskbellError('not_found')
    return c.body(null, 204)
  })

  const memberOf = async ({ c, accounts }: Request): Promise<StaffMember> => {
    const id = uuid.safeParse(c.req.param('id'))
    const member = id.success ? await accounts.find(id.data) : undefined
    if (!member) throw new DeskbellError('not_found')
    return member
  }
  const answer = (c: Context, outcome: StaffOutcome): Response => {
    if (outcome === 'missing') throw new DeskbellError('not_found')
    if (outcome === 'last_owner') throw new AccountRefused('last_owner')
    return c.body(null, 204)
  }
  route('PATCH', '/dashboard/team/:id', async (request) => {
    const { c, actor, accounts } = request
    const body = await readJson(c.req.raw, z.strictObject({ role }))
    return answer(c, await accounts.setRole(await memberOf(request), body.role, actor))
  })
  route('DELETE', '/dashboard/team/:id', async (request) =>
    answer(request.c, await request.accounts.remove(await memberOf(request), request.actor)),
  )
  route('POST', '/dashboard/team/:id/reset', async (request) => {
    const member = await memberOf(request)
    await request.accounts.record('reset_link_made', request.actor, nameOf(member))
    return Response.json(await context.sendReset(member))
  })
  route('DELETE', '/dashboard/team/:id/two_factor', async (request) => {
    await request.accounts.secondFactors.remove(await memberOf(request), request.actor)
    return request.c.body(null, 204)
  })

  route('GET', '/dashboard/audit', async ({ c, accounts }) => {
    const before = uuid.optional().safeParse(c.req.query('before'))
    if (!before.success) throw new DeskbellError('invalid_request')
    const entries: AuditEntry[] = await accounts.audit(AUDIT_PAGE, before.data)
    return Response.json(entries)
  })
}
