// Which shortcut a key press means, on whatever keyboard layout. A Latin letter counts as the letter that it is, wherever it lies.
// A letter of another script counts by its place, as on an English keyboard: no Latin letter can be typed there.

/** What is needed of a KeyboardEvent */
export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey' | 'isComposing' | 'getModifierState'
>

/** Named keys, such as Enter */
const NAMED = /^[A-Z][A-Za-z0-9]+$/
const LATIN = /^[a-z]$/
const OTHER_SCRIPT = /^(?=[\p{L}\p{M}])[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u
/** An input method has the key, and does not say which character it is */
const BY_INPUT_METHOD = new Set(['Process', 'Unidentified'])
/** What input methods make of ASCII characters */
const FULL_WIDTH = /^[\uff01-\uff5e]$/
const QUESTION_MARKS = new Set(['?', '؟', '՞'])

/** A lower-case letter, `/`, `?`, or the name of a key; null when it is no shortcut: typed text, or a chord of the browser's */
export function shortcutOf(press: KeyPress): string | null {
  const { key, shiftKey: shift } = press
  const altGr = press.getModifierState('AltGraph')
  // Windows reports AltGr as Ctrl and Alt together
  const isChord = press.metaKey || ((press.ctrlKey || press.altKey) && !altGr)
  if (press.isComposing || isChord) return null
  if (NAMED.test(key) && !BY_INPUT_METHOD.has(key)) return key
  const character = FULL_WIDTH.test(key) ? String.fromCharCode(key.charCodeAt(0) - 0xfee0) : key
  // They may need Shift or AltGr
  if (character === '/') return '/'
  if (QUESTION_MARKS.has(character)) return '?'
  if (altGr) return null
  if (OTHER_SCRIPT.test(character) || BY_INPUT_METHOD.has(key)) return byPlace(press.code, shift)
  // Caps Lock turns letters round, Shift makes another key of them
  const letter = character.toLowerCase()
  return LATIN.test(letter) && !shift ? letter : null
}

function byPlace(code: string, shift: boolean): string | null {
  if (code === 'Slash') return shift ? '?' : '/'
  const letter = /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase()
  return letter === undefined || shift ? null : letter
}
