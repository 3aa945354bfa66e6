// `deskbell account`: staff accounts, when somebody is locked out of the dashboard.
import { parseArgs } from 'node:util'
import { oneLine } from '../protocol/one-line.ts'
import { departureOf } from '../server/assignment/departures.ts'
import { subjectOf } from '../server/people/revocations.ts'
import type { StaffMember } from '../server/ports/store/accounts.ts'
import type { Accounts } from '../standalone/accounts/accounts.ts'
import { nameOf, type Actor } from '../standalone/accounts/member.ts'
import { linkTo } from '../standalone/accounts/links.ts'
import { openAccounts } from '../standalone/accounts/open.ts'
import { SettingsError, type Settings } from '../standalone/settings.ts'
import { openStore, type Command } from './command.ts'

/** The person at the command line, whose name is not known */
const OPERATOR: Actor = { name: null, address: null }

interface Work {
  accounts: Accounts
  settings: Settings
  /** The member whose address was given; refuses when there is none */
  member: () => Promise<StaffMember>
  secondFactorOff: boolean
}

const COMMANDS: Record<string, (work: Work) => Promise<void>> = {
  async list({ accounts }) {
    const members = await accounts.list()
    if (members.length === 0) console.log('Nobody has an account yet')
    for (const { email, name, role, totp, last_seen_at } of members) {
      const seen = last_seen_at === null ? 'never signed in' : `last seen ${last_seen_at}`
      const who = name === null ? email : `${email} (${name})`
      console.log(oneLine([who, role, totp === null ? 'no second factor' : 'second factor', seen].join(', ')))
    }
  },
  async 'create-owner'({ accounts, settings }) {
    console.log(
      linkTo(settings.publicUrl, 'join', await accounts.invitations.add({ email: null, role: 'owner' }, OPERATOR)),
    )
  },
  async reset({ accounts, settings, member, secondFactorOff }) {
    if (!settings.passwords)
      throw new SettingsError(
        'PASSWORD_SIGN_IN is off: deskbell account sign-in EMAIL [--second-factor-off] prints a link that lets a member in',
      )
    const found = await member()
    if (secondFactorOff) await accounts.secondFactors.remove(found, OPERATOR)
    await accounts.record('reset_link_made', OPERATOR, nameOf(found))
    console.log(linkTo(settings.publicUrl, 'reset', await accounts.resetToken(found)))
  },
  async 'sign-in'({ accounts, settings, member, secondFactorOff }) {
    const found = await member()
    if (secondFactorOff) await accounts.secondFactors.remove(found, OPERATOR)
    await accounts.record('sign_in_link_made', OPERATOR, nameOf(found))
    console.log(linkTo(settings.publicUrl, 'enter', await accounts.signInToken(found)))
  },
  async remove({ accounts, member }) {
    const found = await member()
    if ((await accounts.remove(found, OPERATOR)) === 'last_owner')
      throw new SettingsError(`${oneLine(found.email)} is the last owner: first make another one with create-owner`)
    console.log(`${oneLine(found.email)} has no account any more, and is signed out everywhere`)
  },
}

export const accountCommand: Command = async (settings, args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { 'second-factor-off': { type: 'boolean', default: false } },
  })
  const [name = '', email, ...rest] = positionals
  const run = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  const needsEmail = ['reset', 'sign-in', 'remove'].includes(name)
  if (!run || rest.length > 0 || needsEmail !== (email !== undefined))
    throw new SettingsError(
      'account needs one of: list, create-owner, reset EMAIL [--second-factor-off], sign-in EMAIL [--second-factor-off], remove EMAIL',
    )
  const read = settings()
  const store = await openStore(read)
  const revoke = (subject: string) => store.revoke({ subject, revoked_at: new Date().toISOString() })
  try {
    const accounts = await openAccounts({
      store,
      secret: read.secret,
      revoke: (whom) => revoke(subjectOf(whom)),
      async left(id) {
        await revoke(subjectOf({ id, role: 'admin' }))
        await revoke(departureOf(id))
      },
    })
    await run({
      accounts,
      settings: read,
      secondFactorOff: values['second-factor-off'],
      async member() {
        const found = await accounts.findByEmail(email ?? '')
        if (!found) throw new SettingsError(`Nobody has an account with the address ${oneLine(email ?? '')}`)
        return found
      },
    })
  } finally {
    await store.close()
  }
}
