/**
 * `deskbell/preact`: types alone, of `<deskbell-chat>` in Preact's JSX. Name it once in an app: `import type {} from 'deskbell/preact'`.
 *
 * @module
 */
import type { ClassAttributes, HTMLAttributes } from 'preact'
import type { DeskbellChatAttributes, DeskbellChatElement } from '../element/deskbell-chat.ts'

/** What `<deskbell-chat>` may have in JSX. `getToken` is a property of the element, to be set by a ref */
export type DeskbellChatProps = DeskbellChatAttributes &
  HTMLAttributes<DeskbellChatElement> &
  ClassAttributes<DeskbellChatElement>

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'deskbell-chat': DeskbellChatProps
    }
  }
}

export type { DeskbellChatAttributes, DeskbellChatElement } from '../element/deskbell-chat.ts'
