// Members' second factors: turning them on and off, and using up a code of the app or a recovery code.
import type { Clock } from '../../server/ports/clock.ts'
import type { AccountStore, StaffMember } from '../../server/ports/store/accounts.ts'
import { AccountRefused, confirmPassword, nameOf, type Actor, type RecordAction } from './member.ts'
import { isTotpSecret, stepOfCode } from './second-factor.ts'
import type { Secrets } from './secrets.ts'

export interface SecondFactorsOptions {
  store: AccountStore
  secrets: Secrets
  clock: Clock
  record: RecordAction
}

interface Proof {
  password: string
  /** Of the second factor, or a recovery code */
  code: string
}

export class SecondFactors {
  readonly #store: AccountStore
  readonly #secrets: Secrets
  readonly #clock: Clock
  readonly #record: RecordAction

  constructor({ store, secrets, clock, record }: SecondFactorsOptions) {
    this.#store = store
    this.#secrets = secrets
    this.#clock = clock
    this.#record = record
  }

  /** Uses a code up: one of the app, or a recovery code. @returns whether it was good */
  async useCode(member: StaffMember, code: string, address: string | null): Promise<boolean> {
    const secret = member.totp === null ? undefined : this.#secrets.unseal(member.totp)
    const step = secret === undefined ? null : await stepOfCode(secret, code, this.#clock.now())
    if (step !== null) {
      // A code that somebody saw over a shoulder is good once, and so is every older one
      if (step <= member.totp_step) return false
      return this.#store.changeStaff(member.id, { totp_step: step }, { totp_step: member.totp_step })
    }
    const left = member.recovery?.split(' ') ?? []
    const used = this.#secrets.recoveryDigests(code).find((one) => left.includes(one))
    if (used === undefined) return false
    const recovery = left.filter((one) => one !== used).join(' ') || null
    const isUsed = await this.#store.changeStaff(member.id, { recovery }, { recovery: member.recovery })
    if (isUsed) await this.#record('recovery_code_used', { name: nameOf(member), address })
    return isUsed
  }

  /**
   * Where there is a second factor already, `currentCode` is one of its codes: a password and a browser that was left open are not enough
   * to put another in its place.
   * @returns recovery codes, which are shown once
   * @throws AccountRefused `wrong_password`, `wrong_code`
   */
  async turnOn(
    member: StaffMember,
    { secret, code, password, currentCode }: { secret: string; code: string; password: string; currentCode: string },
    address: string | null,
  ): Promise<string[]> {
    if (member.totp === null) await confirmPassword(member, password)
    else await this.#confirm(member, { password, code: currentCode }, address)
    const step = isTotpSecret(secret) ? await stepOfCode(secret, code, this.#clock.now()) : null
    if (step === null) throw new AccountRefused('wrong_code')
    await this.#store.changeStaff(member.id, { totp: this.#secrets.seal(secret), totp_step: step })
    await this.#record('two_factor_on', { name: nameOf(member), address })
    return this.#newRecoveryCodes(member)
  }

  /** @throws AccountRefused `wrong_password`, `wrong_code` */
  async turnOff(member: StaffMember, proof: Proof, address: string | null): Promise<void> {
    await this.#confirm(member, proof, address)
    await this.remove(member, { name: nameOf(member), address })
  }

  /** For somebody who lost the app and the recovery codes */
  async remove(member: StaffMember, actor: Actor): Promise<void> {
    await this.#store.changeStaff(member.id, { totp: null, totp_step: 0, recovery: null })
    await this.#record('two_factor_off', actor, nameOf(member))
  }

  /** The codes of before are no longer good. @throws AccountRefused `wrong_password`, `wrong_code` */
  async renewRecoveryCodes(member: StaffMember, proof: Proof, address: string | null): Promise<string[]> {
    await this.#confirm(member, proof, address)
    await this.#record('recovery_codes_made', { name: nameOf(member), address })
    return this.#newRecoveryCodes(member)
  }

  async #confirm(member: StaffMember, { password, code }: Proof, address: string | null): Promise<void> {
    await confirmPassword(member, password)
    if (!(await this.useCode(member, code, address))) throw new AccountRefused('wrong_code')
  }

  async #newRecoveryCodes(member: StaffMember): Promise<string[]> {
    const codes = this.#secrets.newRecoveryCodes()
    const recovery = codes.map((code) => this.#secrets.recoveryDigests(code)[0]).join(' ')
    await this.#store.changeStaff(member.id, { recovery })
    return codes
  }
}
