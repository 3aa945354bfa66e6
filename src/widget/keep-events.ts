const OWN =
  'beforeinput input paste copy cut contextmenu dragenter dragover drop ' +
  // A page that keeps focus in a dialog, or the wheel and the finger from scrolling, listens to these.
  'focusin wheel touchstart touchmove'

const stop = (event: Event): void => event.stopPropagation()

/** Editing, scrolling and focus in the panel are none of the page's business. */
export function keepEvents(box: HTMLElement): void {
  for (const name of OWN.split(' ')) box.addEventListener(name, stop, { passive: true })
  // Escape closes the panel, so the key comes up outside of it.
  box.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') box.parentNode?.addEventListener('keyup', stop, { once: true })
  })
}
