// The button beside code. It says by itself, and to screen readers, that it has copied.

/** Milliseconds */
const SHOWN_FOR = 3_000

/** @param button with the code after it */
export async function copyCode(button: HTMLElement, done: string): Promise<void> {
  const code = button.nextElementSibling
  if (!code) return
  try {
    await navigator.clipboard.writeText(code.textContent)
  } catch {
    // Pages without https have no clipboard. Where this does not work either, what is selected can be copied by hand
    getSelection()?.selectAllChildren(code)
    if (!document.execCommand('copy')) return
  }
  const says = button.textContent
  if (says === done) return
  button.textContent = done
  setTimeout(() => (button.textContent = says), SHOWN_FOR)
}
