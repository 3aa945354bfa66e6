/** What somebody types into the panel is not for the page, whose shortcuts see the chat's element and not the text box in it. */
export function keepKeys(box: HTMLElement): void {
  for (const name of ['keydown', 'keypress', 'keyup'] as const)
    box.addEventListener(name, (event) => {
      if (!isForPage(event)) event.stopPropagation()
    })
}

/** Tab, and chords that edit no text. With Alt it may be AltGr, which types characters. */
const isForPage = ({ key, code, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  key === 'Tab' ||
  ((ctrlKey || metaKey) &&
    !altKey &&
    !key[1] &&
    // The place counts where the layout is not Latin.
    !/[acvxyz]$/i.test(key > '~' ? code : key))
