// The keyboard of a phone covers the layout viewport but shrinks the visual one, so that one counts.
import { PHONE } from './phone.ts'

/** Keeps `panel` on the visible part of the screen, and the page behind it from scrolling. Returns a function that ends this. */
export function fillScreen(panel: HTMLElement): () => void {
  const query = matchMedia(PHONE)
  const viewport = window.visualViewport
  const page = document.documentElement.style
  const overflow = page.overflow
  const fit = (): void => {
    page.overflow = query.matches ? 'hidden' : overflow
    panel.style.setProperty('--db-screen', viewport && query.matches ? `${viewport.height}px` : '')
    panel.style.setProperty('--db-screen-top', viewport && query.matches ? `${viewport.offsetTop}px` : '')
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
