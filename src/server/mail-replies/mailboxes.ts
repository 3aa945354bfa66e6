import { addressParser, type Address } from 'postal-mime'

/**
 * Characters of addresses that are read of one mail. The parser takes over a microsecond for each, and nothing else is done meanwhile
 */
export const MOST_ADDRESSES = 8_192
/** What the parser does for a group, in characters: it reads what is in it again */
const GROUP = 200

/** How much of that an address list takes. A mail has a group or none; a colon in a name counts as one */
export const addressCost = (list: string): number => list.length + GROUP * (list.split(':').length - 1)

/** The addresses in the values of a header. One that is too long is left out as a whole: its beginning may name somebody else */
export function mailboxes(values: string[]): string[] {
  let left = MOST_ADDRESSES
  return values.flatMap((value) => {
    const cost = addressCost(value)
    if (cost > left) return []
    left -= cost
    return named(addressParser(value))
  })
}

const named = (addresses: Address[]): string[] =>
  addresses.flatMap((one) => (one.group ? named(one.group) : one.address ? [one.address] : []))
