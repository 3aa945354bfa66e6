export const TITLE_ID = 'conversation-title'

/** Leads the focus to the head of the open conversation */
export const focusTitle = (): void => document.querySelector<HTMLElement>(`#${TITLE_ID}`)?.focus()
