import { addressParser, type Address } from 'postal-mime'

/**
 * Characters of addresses that are read of one mail. The parser takes over a microsecond for each where groups are nested, and nothing else is
 * done meanwhile
 */
export const MOST_ADDRESSES = 8_192

/** The addresses in the values of a header. One that is too long is left out as a whole: its beginning may name somebody else */
export function mailboxes(values: string[]): string[] {
  let left = MOST_ADDRESSES
  return values.flatMap((value) => {
    if (value.length > left) return []
    left -= value.length
    return named(addressParser(value))
  })
}

const named = (addresses: Address[]): string[] =>
  addresses.flatMap((one) => (one.group ? named(one.group) : one.address ? [one.address] : []))
