// Files cannot be sent yet, which is said where somebody drops or pastes one.
import { hasFiles, keepPage } from './keep-page.ts'

/** Milliseconds */
const SHOWN_FOR = 8_000

/**
 * @param chat holds the conversation, with a composer in it
 * @param say what stands below the box then
 */
export function refuseFiles(chat: HTMLElement, say: string): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const show = (text: string): void => {
    clearTimeout(timer)
    const status = chat.querySelector('.db-refusal')
    if (status) status.textContent = text
    if (text) timer = setTimeout(() => show(''), SHOWN_FOR)
  }
  chat.addEventListener('dragover', keepPage)
  chat.addEventListener('drop', (event) => {
    keepPage(event)
    show(hasFiles(event) ? say : '')
  })
  // Office programs put a picture of the text beside it: the text is what was meant
  chat.addEventListener('paste', ({ clipboardData: pasted }) =>
    show(pasted?.files.length && !pasted.getData('text/plain') ? say : ''),
  )
  chat.addEventListener('input', () => show(''))
}
