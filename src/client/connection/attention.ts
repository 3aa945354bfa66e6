// When a sleeping page wakes up: it comes to the front, gets the focus, returns from the page cache, or gets a network again. And
// when it loses the network.

export function onAttention(wake: () => void): () => void {
  if (typeof window === 'undefined') return () => {}
  const visible = (): void => {
    if (document.visibilityState === 'visible') wake()
  }
  window.addEventListener('online', wake)
  window.addEventListener('pageshow', wake)
  window.addEventListener('focus', wake)
  document.addEventListener('visibilitychange', visible)
  return () => {
    window.removeEventListener('online', wake)
    window.removeEventListener('pageshow', wake)
    window.removeEventListener('focus', wake)
    document.removeEventListener('visibilitychange', visible)
  }
}

export function onOffline(lose: () => void): () => void {
  if (typeof window === 'undefined') return () => {}
  window.addEventListener('offline', lose)
  return () => window.removeEventListener('offline', lose)
}

export const isOffline = (): boolean => typeof navigator !== 'undefined' && navigator.onLine === false
