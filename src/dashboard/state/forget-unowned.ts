// The first release kept replies and drafts without the name of their writer. They are deleted, because they could go out under the
// name of a colleague.

export function forgetUnowned(): void {
  try {
    const old = Object.keys(localStorage).filter((key) => /^deskbell:(outbox|draft):admin:/.test(key))
    for (const key of old) localStorage.removeItem(key)
  } catch {
    // Storage is blocked, so nothing is there
  }
}
