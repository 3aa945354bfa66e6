// Whether somebody attends to the page. A window may be in view on a second screen, behind nobody: what arrives there is not read, and
// the e-mail about it must go out.

/** How long (ms) an activity in a window without the focus shows that somebody is there */
const STAYS = 5_000
const ACTIVITY = /^(pointer|wheel|key)/
const SIGNS = ['focus', 'blur', 'visibilitychange', 'pointermove', 'pointerdown', 'wheel', 'keydown']

export const hasFocus = (): boolean => !document.hidden && document.hasFocus()

/** Calls `tell` with whether the page is in view, and has the focus or is being used, now and after each change; the returned function ends that */
export function watchAttendance(tell: (attended: boolean) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = (event?: Event): void => {
    clearTimeout(timer)
    const isUsed = !document.hidden && ACTIVITY.test(event?.type ?? '')
    if (isUsed) timer = setTimeout(look, STAYS)
    tell(isUsed || hasFocus())
  }
  look()
  // Captured, since a page may stop what happens in it
  for (const sign of SIGNS) window.addEventListener(sign, look, true)
  return () => {
    clearTimeout(timer)
    for (const sign of SIGNS) window.removeEventListener(sign, look, true)
  }
}
