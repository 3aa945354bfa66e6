import { isEmailAddress } from '../protocol/email-address.ts'

/** Who mails come from */
export interface Sender {
  name: string
  address: string
}

/** @throws Error where it is none. In JavaScript it may be anything */
export function checkSender(from: unknown): void {
  const { name, address } = Object(from) as Partial<Record<keyof Sender, unknown>>
  if (typeof name !== 'string' || typeof address !== 'string' || !isEmailAddress(address))
    throw new Error(
      "The option from must name the sender of mails, such as { name: 'Example Support', address: 'support@example.com' }",
    )
}
