import { expect, it } from 'vitest'
import { hostPerson } from '../../people/host-person.ts'
import type { HostIdentity, Identity } from '../../people/identity.ts'
import { systemClock } from '../../ports/clock.ts'
import { HostSession } from './host-session.ts'
import { CHECKS_AT_ONCE, SessionChecks } from './session-checks.ts'

it('a slow host is asked about so many connections at the same time, and about the others later', async () => {
  const waiting: ((named: HostIdentity) => void)[] = []
  let asked = 0
  const authenticate = () => new Promise<HostIdentity>((resolve) => (asked++, waiting.push(resolve)))
  const answerAll = () => waiting.splice(0).forEach((answer) => answer({ id: 'ada', role: 'user' }))
  const parts = { clock: systemClock, onUnusable: () => undefined }
  const checks = new SessionChecks({
    clock: systemClock,
    hostPerson: hostPerson({ ...parts, authenticate }),
    visits: { note: () => undefined },
    onError: (error) => expect.fail(String(error)),
  })
  const closed: string[] = []
  const check = (name: string, expiresAt: number | null = null): Promise<void> => {
    const identity: Identity = { id: 'ada', role: 'user', email: '', name: null, expiresAt }
    const session = new HostSession(new Request('https://desk.example'), identity, Date.now())
    return checks.check({ disconnect: () => closed.push(name) }, session)
  }
  const first = Array.from({ length: CHECKS_AT_ONCE }, (_, n) => check(`first ${n}`))
  await Promise.all([check('waits'), check('has expired', Date.now() - 1)])
  expect(asked).toBe(CHECKS_AT_ONCE)
  // Nobody says that it goes on, and by what is known it does not
  expect(closed).toEqual(['has expired'])

  answerAll()
  await Promise.all(first)
  const later = check('waits')
  expect(asked).toBe(CHECKS_AT_ONCE + 1)
  answerAll()
  await later
  expect(closed).toEqual(['has expired'])
})
