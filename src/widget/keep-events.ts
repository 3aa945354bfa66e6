// What happens in the panel and is none of the page's business.

const OWN =
  'keypress beforeinput input paste copy cut contextmenu dragenter dragover drop ' +
  // A page that keeps focus in a dialog, or the wheel and the finger from scrolling, listens to these.
  'focusin wheel touchstart touchmove'

const stop = (event: Event): void => event.stopPropagation()

/** Typing and editing stay inside: the page's own shortcuts see the chat's element and not the text box in it. */
export function keepEvents(box: HTMLElement): void {
  for (const name of OWN.split(' ')) box.addEventListener(name, stop, { passive: true })
  for (const name of ['keydown', 'keyup'] as const)
    box.addEventListener(name, (event) => {
      if (isForPage(event)) return
      stop(event)
      // Escape closes the panel, so the key comes up outside of it.
      if (event.key === 'Escape' && name === 'keydown') box.parentNode?.addEventListener('keyup', stop, { once: true })
    })
}

/** Tab, and chords that edit no text. AltGr, which types characters, may look like Ctrl and Alt. */
const isForPage = (event: KeyboardEvent): boolean =>
  event.key === 'Tab' ||
  ((event.ctrlKey || event.metaKey) &&
    !event.getModifierState('AltGraph') &&
    event.key.length === 1 &&
    // The place counts where the layout is not Latin.
    !/^[acvxyz] |Key[ACVXYZ]$/i.test(`${event.key} ${event.code}`))
