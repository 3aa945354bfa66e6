// The accounts of staff on the databases that teams run already: the whole server, from the first account to the audit log.
import { Secret, TOTP } from 'otpauth'
import { afterAll, describe, expect, it } from 'vitest'
import type { AuditEntry, RecoveryCodes, SentLink, TwoFactorSetup } from '../../src/protocol/account.ts'
import { freshDatabase, type EngineName } from '../support/databases.ts'
import { startServer } from '../support/running-server.ts'
import { StaffBrowser } from '../support/staff-browser.ts'

const PASSWORD = 'correct horse battery'
const found = { postgres: await freshDatabase('postgres'), mysql: await freshDatabase('mysql') }

describe.each<EngineName>(['postgres', 'mysql'])('%s', (engine) => {
  const database = found[engine]
  afterAll(() => database?.drop())

  it.skipIf(!database)(
    'keeps accounts: one first owner, a second factor, the team, limits, the audit log',
    async () => {
      const server = await startServer({ DATABASE_URL: database?.url ?? '', BUS_URL: 'off', MAIL_URL: 'mailbox:' })
      try {
        const links = [server.firstOwnerUrl]
        await server.restart()
        links.push(server.firstOwnerUrl)
        const those = links.map(() => new StaffBrowser(server.url))
        const joined = await Promise.all(
          those.map((who, n) =>
            who.post(links[n] ?? '', { email: `o${n}@desk.example`, name: 'Ö', password: PASSWORD }),
          ),
        )
        expect(joined.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 410])
        const first = joined.findIndex(({ status }) => status === 303)
        const [owner, email] = [those[first] ?? expect.fail(), `O${first}@desk.example`]

        const { secret } = (await owner.api<TwoFactorSetup>('POST', '/dashboard/account/two_factor')).body
        const code = (steps: number): string =>
          new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 })
        const body = { secret, code: code(0), password: PASSWORD }
        const on = await owner.api<RecoveryCodes>('PUT', '/dashboard/account/two_factor', body)
        expect(on.body.recovery_codes).toHaveLength(10)
        expect((await owner.api('POST', '/dashboard/sign_out_everywhere')).status).toBe(204)
        expect((await owner.api('GET', '/admin/chats')).status).toBe(401)
        expect(await owner.signIn(email, PASSWORD)).toMatchObject({ location: 'code' })
        expect((await owner.post('/dashboard/code', { code: code(1) })).status).toBe(303)

        const invitation = { email: 'amir@desk.example', role: 'agent' }
        const invited = await owner.api<SentLink>('POST', '/dashboard/team/invitations', invitation)
        const agent = new StaffBrowser(server.url)
        await agent.post(invited.body.link ?? '', { email: '', name: 'Amir', password: PASSWORD })
        expect((await agent.api('GET', '/admin/chats')).status).toBe(200)

        const stranger = new StaffBrowser(server.url)
        const tries = await Promise.all(
          Array.from({ length: 12 }, () => stranger.signIn('amir@desk.example', 'wrong one')),
        )
        expect(tries.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
          ...Array<number>(10).fill(422),
          429,
          429,
        ])
        expect((await agent.signIn('amir@desk.example', PASSWORD)).status).toBe(303)

        const log = await owner.api<AuditEntry[]>('GET', '/dashboard/audit')
        expect(log.body.map(({ action }) => action)).toEqual([
          'signed_in',
          'signed_in',
          'joined',
          'invited',
          'signed_in',
          'signed_out_everywhere',
          'two_factor_on',
          'signed_in',
          'joined',
        ])
      } finally {
        await server.stop()
      }
    },
  )
})
