export const TITLE_ID = 'conversation-title'

/** Leads the focus to a title. A page that nobody has touched yet is read from its start, and shows no ring around a title */
export function leadFocus(title: HTMLElement | null): void {
  if (navigator.userActivation.hasBeenActive) title?.focus({ preventScroll: true })
}

/** Leads the focus to the head of the open conversation */
export const focusTitle = (): void => leadFocus(document.querySelector<HTMLElement>(`#${TITLE_ID}`))
