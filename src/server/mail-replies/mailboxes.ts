import { addressParser, type Address } from 'postal-mime'

/** The addresses in the values of a header */
export const mailboxes = (values: string[]): string[] => values.flatMap((value) => named(addressParser(value)))

const named = (addresses: Address[]): string[] =>
  addresses.flatMap((one) => (one.group ? named(one.group) : one.address ? [one.address] : []))
