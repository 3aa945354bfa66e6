import {
  forwardRef,
  useEffect,
  useImperativeHandle,
  useRef,
  type ForwardRefExoticComponent,
  type HTMLAttributes,
  type RefAttributes,
} from 'react'
import { DEFAULT_SERVER } from '../client/mount-point.ts'
import type { DeskbellChatAttributes, DeskbellChatElement } from '../element/deskbell-chat.ts'
import { loadWidget } from '../element/load-widget.ts'

export interface SupportChatProps extends DeskbellChatAttributes {
  /** Called when there is no token, and again when one was refused */
  getToken?: (() => Promise<string | null>) | undefined
  /** For a content security policy with nonces */
  nonce?: string | undefined
}

/**
 * The chat as Deskbell draws it: a button in the corner of the window, and its panel. The widget's script is loaded from the server
 * when the component is mounted, once for the page.
 *
 * @example
 * <SupportChat server="/support" heading="Talk to us" />
 */
export const SupportChat: ForwardRefExoticComponent<SupportChatProps & RefAttributes<DeskbellChatElement>> = forwardRef<
  DeskbellChatElement,
  SupportChatProps
>(function SupportChat({ server = DEFAULT_SERVER, getToken, nonce, ...attributes }, ref) {
  const element = useRef<DeskbellChatElement>(null)
  useImperativeHandle<DeskbellChatElement | null, DeskbellChatElement | null>(ref, () => element.current, [])

  useEffect(() => {
    // The browser says itself what does not load
    loadWidget({ server, nonce }).catch(() => undefined)
  }, [server, nonce])

  // The element asks for the unread count when it gets another function, and a page may make one with each rendering
  const newest = useRef(getToken)
  useEffect(() => {
    newest.current = getToken
  }, [getToken])
  const hasGetToken = getToken !== undefined
  useEffect(() => {
    if (element.current) element.current.getToken = hasGetToken ? async () => (await newest.current?.()) ?? null : null
  }, [hasGetToken])

  return <deskbell-chat {...attributes} server={server} ref={element} />
})

/** What `<deskbell-chat>` may have in JSX. `getToken` is a property of the element, to be set by a ref */
export type DeskbellChatProps = DeskbellChatAttributes &
  HTMLAttributes<DeskbellChatElement> &
  RefAttributes<DeskbellChatElement> & { class?: string | undefined }

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'deskbell-chat': DeskbellChatProps
    }
  }
}
