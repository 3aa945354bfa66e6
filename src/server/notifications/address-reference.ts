import { hex, hmac } from '../bytes.ts'
import { plainAddress } from '../../protocol/email-address.ts'

/**
 * What names a mail to staff to a mail service, in place of the id of a notification. It is made of the address, so whoever gets it back
 * with the address knows that a mail of ours went there, and nothing is stored for each mail.
 */
export interface AddressReferences {
  of: (address: string) => Promise<string>
  isFor: (reference: string, address: string) => Promise<boolean>
}

/** @param secrets the first is used; mails that are under way were sent with any */
export function addressReferences(secrets: readonly [string, ...string[]]): AddressReferences {
  const [signer, ...others] = secrets.map(hmac)
  type Sign = ReturnType<typeof hmac>
  // The spaces cannot occur in what is signed for a token with the same key
  const referenceBy = async (sign: Sign | undefined, address: string): Promise<string> => {
    if (!sign) throw new Error('There is no secret')
    const bytes = (await sign(`mail to staff ${plainAddress(address)}`)).slice(0, 16)
    return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }
  return {
    of: (address) => referenceBy(signer, address),
    async isFor(reference, address) {
      const expected = await Promise.all([signer, ...others].map((sign) => referenceBy(sign, address)))
      return expected.includes(reference)
    },
  }
}
