// Styles of what is loaded when it is needed.

/** @returns loads the stylesheet once; resolves when it applies, or cannot be had */
export function lateStyles(href: string): () => Promise<void> {
  let styles: Promise<void> | undefined
  return () =>
    (styles ??= new Promise((resolve) => {
      const link = document.createElement('link')
      link.rel = 'stylesheet'
      link.href = href
      link.onload = () => resolve()
      link.onerror = () => {
        styles = undefined
        link.remove()
        resolve()
      }
      document.head.append(link)
    }))
}
