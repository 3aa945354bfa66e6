// The moments at which a sleeping page wakes up: it comes back to the front, out of the page cache, or onto a network.
// And the one at which it loses the network.

export function onAttention(wake: () => void): () => void {
  if (typeof window === 'undefined') return () => {}
  const visible = (): void => {
    if (document.visibilityState === 'visible') wake()
  }
  window.addEventListener('online', wake)
  window.addEventListener('pageshow', wake)
  document.addEventListener('visibilitychange', visible)
  return () => {
    window.removeEventListener('online', wake)
    window.removeEventListener('pageshow', wake)
    document.removeEventListener('visibilitychange', visible)
  }
}

export function onOffline(lose: () => void): () => void {
  if (typeof window === 'undefined') return () => {}
  window.addEventListener('offline', lose)
  return () => window.removeEventListener('offline', lose)
}

export const isOffline = (): boolean => typeof navigator !== 'undefined' && navigator.onLine === false
