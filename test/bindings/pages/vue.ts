// An app of somebody, in Vue: what a test wants to see is chosen by the address.
import { SupportChat, useSupportChat, type SupportChatHandle, type UseSupportChat } from 'deskbell/vue'
import { createSSRApp, createApp, defineComponent, h, reactive, ref, type App } from 'vue'

export interface SceneState {
  /** How many components use the chat */
  count: number
  token: string | null
  heading: string
}

declare global {
  interface Window {
    vue: {
      support?: UseSupportChat
      replies: string[]
      state: SceneState
      widget?: () => SupportChatHandle | null
    }
  }
}

const Chat = defineComponent({
  props: { token: String },
  setup(props) {
    const support = useSupportChat({
      server: () => '/support',
      token: () => props.token,
      onReply: ({ content }) => window.vue.replies.push(content),
    })
    if (typeof window !== 'undefined') window.vue.support = support
    const { chat, connected, loading, status, pending, unreadCount, typing, sendMessage } = support
    return () => [
      h(
        'p',
        { id: 'state' },
        `${status.value} ${loading.value ? 'loading' : 'loaded'} ${connected.value ? 'connected' : 'away'}`,
      ),
      h('p', { id: 'unread' }, unreadCount.value),
      h('p', { id: 'typing' }, typing.value ? `${typing.value.name} is typing` : ''),
      h('ul', [
        ...(chat.value?.messages.map(({ id, sender_type, content }) =>
          h('li', { key: id }, `${sender_type}: ${content}`),
        ) ?? []),
        ...pending.value.map(({ client_id, content }) => h('li', { key: client_id, class: 'pending' }, content)),
      ]),
      h('button', { onClick: () => sendMessage('By a click') }, 'Send'),
    ]
  },
})

const Badge = defineComponent(() => {
  const { unreadCount } = useSupportChat({ server: '/support' })
  return () => h('b', { class: 'badge' }, unreadCount.value)
})

export function createPage(scene: string, state: SceneState, hydrate: boolean): App {
  const widget = ref<SupportChatHandle | null>(null)
  if (typeof window !== 'undefined') window.vue.widget = () => widget.value
  const Root = defineComponent(() => () => [
    scene !== 'widget' && state.count > 0 && h(Chat, state.token === null ? {} : { token: state.token }),
    scene !== 'widget' && Array.from({ length: state.count - 1 }, () => h(Badge)),
    scene !== 'chat' &&
      state.count > 0 &&
      h(SupportChat, {
        ref: widget,
        server: '/support',
        heading: state.heading,
        getToken: () => Promise.resolve(null),
      }),
  ])
  return hydrate ? createSSRApp(Root) : createApp(Root)
}

if (typeof window !== 'undefined') {
  const query = new URLSearchParams(location.search)
  const state = reactive({ count: Number(query.get('count') ?? 1), token: null, heading: 'Heading 1' })
  window.vue = { replies: [], state }
  const root = document.getElementById('root')
  if (root) createPage(query.get('scene') ?? '', state, root.hasChildNodes()).mount(root)
}
