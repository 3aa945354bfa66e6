/** Push notifications to staff whose dashboard is closed */
export interface PushOptions {
  /** Whom push services may write to about what this server sends: `mailto:…` or an https URL. Default: `publicUrl` */
  contact?: string | undefined
}

const CONTACT = /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/

/** @returns null: staff get none. @throws Error when the contact is none */
export function readPush(options: PushOptions | false, publicUrl: string): { contact: string } | null {
  if (options === false) return null
  // Some services take none without a contact, also while something is tried out on this machine
  const { contact = publicUrl.startsWith('https:') ? publicUrl : 'mailto:support@localhost' } = options
  if (!CONTACT.test(contact)) throw new Error('push.contact must begin with mailto: or https://')
  return { contact }
}
