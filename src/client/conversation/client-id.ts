// The sender gives a message its id before the server knows it, and finds it again by that id whether pending, sent or failed.

export function createClientId(): string {
  // The time leads, so that a database's index gets the ids of all chats beside each other. Not randomUUID, which exists only in secure
  // contexts: a chat on http://intranet must work too
  const bytes = crypto.getRandomValues(new Uint8Array(10))
  return Date.now().toString(16) + Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
