// Whether somebody was asked how to reach them. It stands behind their token, so that it goes with it.

const keyOf = (base: string): string => `deskbell:visitor:${base}`
const MARK = ' asked'

export function isAsked(base: string): boolean {
  try {
    return localStorage.getItem(keyOf(base))?.endsWith(MARK) ?? false
  } catch {
    return false
  }
}

export function markAsked(base: string): void {
  try {
    const known = localStorage.getItem(keyOf(base))
    if (known !== null && !known.endsWith(MARK)) localStorage.setItem(keyOf(base), known + MARK)
  } catch {
    // They are asked again on the next page
  }
}
