// The sender names a message before the server knows it; everything pending, sent and failed reconciles on that name.

export function createClientId(): string {
  // randomUUID exists only in secure contexts, and a chat on http://intranet must work too.
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
