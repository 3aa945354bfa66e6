// On a phone the panel fills the screen. The keyboard covers the layout viewport but shrinks the visual one, so that one counts.
const PHONE = '(max-width: 480px), (max-height: 480px) and (pointer: coarse)'

export const isPhone = (): boolean => matchMedia(PHONE).matches

/** Keeps `panel` on the visible part of the screen, and the page behind it from scrolling. Returns a function that ends this. */
export function fillScreen(panel: HTMLElement): () => void {
  const query = matchMedia(PHONE)
  const viewport = window.visualViewport
  const page = document.documentElement.style
  const overflow = page.overflow
  const fit = (): void => {
    page.overflow = query.matches ? 'hidden' : overflow
    panel.style.setProperty('--screen', viewport && query.matches ? `${viewport.height}px` : '')
    panel.style.setProperty('--screen-top', viewport && query.matches ? `${viewport.offsetTop}px` : '')
  }
  fit()
  query.addEventListener('change', fit)
  viewport?.addEventListener('resize', fit)
  viewport?.addEventListener('scroll', fit)
  return () => {
    query.removeEventListener('change', fit)
    viewport?.removeEventListener('resize', fit)
    viewport?.removeEventListener('scroll', fit)
    page.overflow = overflow
  }
}
