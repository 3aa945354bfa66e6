// What is pasted into a chat, or dropped on it.

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false

/** Around the log and the box: the widget's panel, the dashboard's thread */
const CHAT = '.panel, .thread'

/**
 * @param box in the chat
 * @param says shown over the chat while files are dragged above it
 * @returns ends it
 */
export function receiveFiles(box: HTMLElement | null, says: string, take: (files: Iterable<File>) => void): () => void {
  const chat = box?.closest<HTMLElement>(CHAT)
  if (!box || !chat) return () => undefined
  const hint = document.createElement('div')
  hint.className = 'db-drop'
  hint.textContent = says
  const end = new AbortController()
  const on = <K extends keyof HTMLElementEventMap>(type: K, listener: (event: HTMLElementEventMap[K]) => void): void =>
    chat.addEventListener(type, listener, { signal: end.signal })
  on('dragover', (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
    if (!hint.isConnected) chat.append(hint)
  })
  on('dragleave', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && chat.contains(relatedTarget))) hint.remove()
  })
  on('drop', (event) => {
    hint.remove()
    if (!hasFiles(event) || !event.dataTransfer) return
    event.preventDefault()
    take(event.dataTransfer.files)
  })
  on('paste', (event) => {
    const { clipboardData: pasted } = event
    // Office programs put a picture of the text beside it: the text is what was meant
    if (!pasted?.files.length || pasted.getData('text/plain')) return
    event.preventDefault()
    take(pasted.files)
  })
  // What came before waits in `refuseFiles`
  box.dataset['files'] = ''
  const takeEarly = (files: File[]): void => {
    if (files.length > 0) take(files)
  }
  box.dispatchEvent(new CustomEvent('db-files', { bubbles: true, detail: takeEarly }))
  return () => {
    delete box.dataset['files']
    hint.remove()
    end.abort()
  }
}
