/** What the picker and the page of canned replies say, in one language */
export interface RepliesCatalogue {
  locale: string
  title: string
  search: string
  loading: string
  failed: string
  retry: string
  /** Of what is searched, for screen readers */
  found: (replies: number) => string
  noMatch: (query: string) => string
  none: string
  noneHint: string
  manage: string

  hint: string
  add: string
  /** Labels of the form */
  shortcut: string
  shortcutHint: string
  replyTitle: string
  titleHint: string
  text: string
  textHint: string
  /** Buttons that write a placeholder into the text */
  userName: string
  agentName: string
  save: string
  cancel: string
  /** Asked before a form with something new in it closes by Escape */
  discard: string
  edit: string
  editOf: (shortcut: string) => string
  remove: string
  removeOf: (shortcut: string) => string
  removeSure: (shortcut: string) => string
  added: (shortcut: string) => string
  saved: (shortcut: string) => string
  removed: (shortcut: string) => string

  importFile: string
  exportFile: string
  fileName: string
  imported: (counts: { added: number; changed: number; unchanged: number }) => string
  noFile: string

  /** By the code of the error */
  refusals: Record<
    'blank' | 'too_long' | 'shortcut_taken' | 'too_many_replies' | 'invalid_request' | 'body_too_large' | 'other',
    string
  >
}
