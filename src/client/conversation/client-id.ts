// The sender gives a message its id before the server knows it, and finds it again by that id whether pending, sent or failed.

export function createClientId(): string {
  // randomUUID exists only in secure contexts, and a chat on http://intranet must work too.
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
