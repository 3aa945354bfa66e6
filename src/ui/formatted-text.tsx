// A text with its formatting and its addresses as links. The rules are loaded with the first text that may have any; until then, and if
// they do not load, it is plain text.
import type { ComponentChildren } from 'preact'
import { h } from 'preact'
import type { ConversationCatalogue } from './catalogue.ts'
import { late } from './late.ts'

const MAY_HAVE_ANY = /[*_`@]|:\/\/|www\.|^[ \t]*(>|•|-|\d+[.)]) |\p{EPres}|\ufe0f/imu

const useRules = late(() => import('./formatting/formatting.ts'))

export function FormattedText({ text, words }: { text: string; words: ConversationCatalogue }): ComponentChildren {
  return useRules(MAY_HAVE_ANY.test(text))?.draw(text, h, words) ?? text
}
