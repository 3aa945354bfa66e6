/**
 * A request does not prove that it is the mail service's, for this account: it is forged, of another account, or not what the service
 * sends. Nothing of it is used.
 */
export class UnprovenRequest extends Error {
  override readonly name = 'UnprovenRequest'
}
