/** Whether something from the file system is dragged or dropped */
const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false

/**
 * For `dragover` and `drop`: what is dropped never replaces the page, as a browser does with files and links. Text and links may be
 * dropped into a box.
 */
export function keepPage(event: DragEvent): void {
  const isBox = event.target instanceof Element && event.target.matches('textarea, input')
  if (hasFiles(event) || !isBox) event.preventDefault()
}
