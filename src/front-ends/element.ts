/**
 * `deskbell/element`: `<deskbell-chat>` for TypeScript, and its script on demand. Importing it does nothing.
 *
 * @example
 * import { loadWidget } from 'deskbell/element'
 *
 * await loadWidget({ server: '/support' })
 * document.body.append(document.createElement('deskbell-chat'))
 *
 * @module
 */
export { loadWidget, type LoadWidgetOptions } from '../element/load-widget.ts'
export type { DeskbellChatAttributes, DeskbellChatElement } from '../element/deskbell-chat.ts'
