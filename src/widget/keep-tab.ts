import { PHONE } from './phone.ts'

/** Where the panel fills the screen, Tab stays in it. */
export function keepTab(box: HTMLElement): void {
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Tab' || !matchMedia(PHONE).matches) return
    const stops = [...box.querySelectorAll<HTMLElement>('a, button:enabled, textarea, [tabindex="0"]')]
    if (event.shiftKey) stops.reverse()
    if (event.target !== stops.at(-1) && !(event.shiftKey && event.target === box.firstChild)) return
    event.preventDefault()
    stops[0]?.focus()
  })
}
