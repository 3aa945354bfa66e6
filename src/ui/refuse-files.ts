// Where files cannot be sent, it is said when somebody drops or pastes one. Where they can, and what takes them is on its way, they wait for it.
import { keepPage } from './keep-page.ts'

/** Milliseconds */
const SHOWN_FOR = 8_000

/**
 * @param chat holds the conversation, with a composer in it
 * @param say what stands below the box then
 * @param takesFiles whether others take them, at this moment
 */
export function refuseFiles(chat: HTMLElement, say: string, takesFiles: () => boolean): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const waiting: File[] = []
  const show = (text: string): void => {
    clearTimeout(timer)
    const status = chat.querySelector('.db-refusal')
    if (status) status.textContent = text
    if (text) timer = setTimeout(() => show(''), SHOWN_FOR)
  }
  const came = (data: DataTransfer | null): void => {
    const files = data?.files ?? []
    show(files.length > 0 && !takesFiles() ? say : '')
    // `receiveFiles` sets it
    if (takesFiles() && !chat.querySelector('[data-files]')) waiting.push(...files)
  }
  chat.addEventListener('dragover', keepPage)
  chat.addEventListener('drop', (event) => {
    keepPage(event)
    came(event.dataTransfer)
  })
  // Office programs put a picture of the text beside it: the text is what was meant
  chat.addEventListener('paste', ({ clipboardData: pasted }) => came(pasted?.getData('text/plain') ? null : pasted))
  chat.addEventListener('db-files', ({ detail: take }: CustomEventInit<(files: File[]) => void>) =>
    take?.(waiting.splice(0)),
  )
  chat.addEventListener('input', () => show(''))
}
