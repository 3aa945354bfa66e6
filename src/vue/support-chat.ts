import { defineComponent, h, onMounted, shallowRef, watch, type HTMLAttributes, type PropType } from 'vue'
import { DEFAULT_SERVER } from '../client/mount-point.ts'
import { ELEMENT, type DeskbellChatAttributes, type DeskbellChatElement } from '../element/deskbell-chat.ts'
import { loadWidget } from '../element/load-widget.ts'

/** What a template ref of `SupportChat` has */
export type SupportChatHandle = Pick<DeskbellChatElement, 'open' | 'close' | 'toggle' | 'reset'>

/**
 * The chat as Deskbell draws it: a button in the corner of the window, and its panel. The widget's script is loaded from the server
 * when the component is mounted, once for the page. A template ref is a `SupportChatHandle`.
 *
 * @example
 * <SupportChat server="/support" heading="Talk to us" />
 */
export const SupportChat = defineComponent({
  name: 'SupportChat',
  props: {
    server: { type: String, default: DEFAULT_SERVER },
    token: String,
    heading: String,
    greeting: String,
    /** A CSS color */
    accent: String,
    theme: String as PropType<DeskbellChatAttributes['theme']>,
    position: String as PropType<DeskbellChatAttributes['position']>,
    /** Called when there is no token, and again when one was refused */
    getToken: Function as PropType<() => Promise<string | null>>,
    /** For a content security policy with nonces */
    nonce: String,
  },
  setup(props, { expose }) {
    const element = shallowRef<DeskbellChatElement | null>(null)
    const handle: SupportChatHandle = {
      open: () => element.value?.open?.(),
      close: () => element.value?.close?.(),
      toggle: () => element.value?.toggle?.(),
      reset: () => element.value?.reset?.(),
    }
    expose(handle)
    onMounted(() => {
      // The browser says itself what does not load
      loadWidget({ server: props.server, nonce: props.nonce }).catch(() => undefined)
    })
    watch([element, () => props.getToken !== undefined] as const, ([mounted, hasGetToken]) => {
      // The element asks for the unread count when it gets another function
      if (mounted) mounted.getToken = hasGetToken ? async () => (await props.getToken?.()) ?? null : null
    })
    return () => {
      const { getToken: _getToken, nonce: _nonce, ...attributes } = props
      return h(ELEMENT, { ...attributes, ref: element })
    }
  },
})

declare module 'vue' {
  interface GlobalComponents {
    'deskbell-chat': new () => { $props: DeskbellChatAttributes & HTMLAttributes }
  }
}
