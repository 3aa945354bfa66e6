/** `keyCode` of keys that an input method handles */
const UNKNOWN_KEY = 229

/** Of the key that was pressed last, wherever that was: what is typed follows it */
let mayBeEnter = false

/**
 * Whether a `keydown` or `beforeinput` of a text box means "send": Enter alone, and not while an input method composes. It has to be
 * asked about both.
 */
export function isSendKey(event: KeyboardEvent | InputEvent): boolean {
  // Keyboards on screens, and Korean ones, do not say which key it was, but what would come of it
  if ('inputType' in event) return event.inputType === 'insertLineBreak' && !event.isComposing && mayBeEnter
  // Safari ends a composition with an Enter that no longer says that it is composing
  const isUnknown = event.keyCode === UNKNOWN_KEY
  mayBeEnter = isUnknown && !event.shiftKey
  return !(event.key !== 'Enter' || event.shiftKey || event.isComposing || isUnknown)
}
