// Whom the word of an OpenID provider lets in: members, and people who were invited. Nobody becomes a member by an account there alone.
import { isEmailAddress } from '../../../protocol/email-address.ts'
import type { StaffLink, StaffMember } from '../../../server/ports/store/accounts.ts'
import type { Invitations } from '../invitations.ts'
import { JOINING, joinWith, type JoiningOptions } from '../joining.ts'
import { nameOf } from '../member.ts'
import type { OneTimeLinks } from '../one-time-links.ts'
import { digest } from '../secrets.ts'
import type { ProviderIdentity } from './provider.ts'

/**
 * `unverified`: the provider does not say that an address is theirs · `not_invited`: nobody here has it · `other_address`: the link is for
 * another one · `other_identity`: the member signs in with another account there · `link_gone`: the link is not good
 */
export type MembershipRefusal = 'unverified' | 'not_invited' | 'other_address' | 'other_identity' | 'link_gone'

export class MembershipRefused extends Error {
  override readonly name = 'MembershipRefused'
  readonly reason: MembershipRefusal
  constructor(reason: MembershipRefusal) {
    super(reason)
    this.reason = reason
  }
}

/** The subject is unique at its issuer alone */
const keyOf = ({ issuer, subject }: ProviderIdentity): string => digest(JSON.stringify([issuer, subject]))

/** Only A to Z: others have lower cases that are letters of somebody else's address, as the Kelvin sign has k */
const lower = (address: string): string => address.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
const isSame = (a: string, b: string): boolean => lower(a) === lower(b)

export class Memberships {
  readonly #links: OneTimeLinks
  readonly #invitations: Invitations
  readonly #joining: JoiningOptions

  constructor(links: OneTimeLinks, invitations: Invitations, joining: JoiningOptions) {
    this.#links = links
    this.#invitations = invitations
    this.#joining = joining
  }

  /**
   * @param token of a link to join; undefined: they came without one
   * @param address the network address
   * @throws MembershipRefused, AccountRefused `address_taken`
   */
  async memberOf(identity: ProviderIdentity, token: string | undefined, address: string | null): Promise<StaffMember> {
    const { store } = this.#joining
    const known = await store.findStaffByIdentity(keyOf(identity))
    // They may have another address at the provider since
    if (known) return known
    const email = identity.verifiedEmail
    if (email === null || !isEmailAddress(email)) throw new MembershipRefused('unverified')
    const member = await store.findStaffByEmail(email)
    if (member && isSame(member.email, email)) return this.#connect(member, identity, address)
    const link = token === undefined ? await this.#invitationOf(email) : await this.#linkOf(token, email)
    const { issuer: identity_issuer } = identity
    const newcomer = { email, name: identity.name ?? '', password: '', identity: keyOf(identity), identity_issuer }
    const joined = await joinWith(link, newcomer, address, this.#joining)
    if (!joined) throw new MembershipRefused('link_gone')
    return joined
  }

  async #connect(member: StaffMember, identity: ProviderIdentity, address: string | null): Promise<StaffMember> {
    const { store, record } = this.#joining
    // The address may be somebody else's by now. An account of another issuer is replaced: the provider here has changed
    if (member.identity !== null && member.identity_issuer === identity.issuer)
      throw new MembershipRefused('other_identity')
    const change = { identity: keyOf(identity), identity_issuer: identity.issuer }
    if (!(await store.changeStaff(member.id, change, { identity: member.identity })))
      throw new MembershipRefused('other_identity')
    await record('identity_connected', { name: nameOf(member), address })
    return { ...member, ...change }
  }

  async #invitationOf(email: string): Promise<StaffLink> {
    const invitations = await this.#invitations.list()
    const theirs = invitations.find((link) => link.email !== null && isSame(link.email, email))
    if (!theirs) throw new MembershipRefused('not_invited')
    return theirs
  }

  async #linkOf(token: string, email: string): Promise<StaffLink> {
    const link = await this.#links.open(token, JOINING)
    if (!link) throw new MembershipRefused('link_gone')
    if (link.email !== null && !isSame(link.email, email)) throw new MembershipRefused('other_address')
    return link
  }
}
