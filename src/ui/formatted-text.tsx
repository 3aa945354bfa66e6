// A text with its formatting and its addresses as links. Whoever draws such texts waits for the rules, so that nobody sees them change;
// if the rules do not load, it is plain text.
import type { ComponentChildren } from 'preact'
import { h } from 'preact'
import type { ConversationCatalogue } from './catalogue.ts'
import type * as Formatting from './formatting/formatting.ts'
import { late } from './late.ts'

export type Rules = typeof Formatting

/** Milliseconds after which the text is worth more than its formatting */
const WAITS = 2_000

export const rules = late(() => import('./formatting/formatting.ts'), WAITS)

export const FormattedText = ({ text, words }: { text: string; words: ConversationCatalogue }): ComponentChildren =>
  rules.part?.draw(text, h, words) ?? text
