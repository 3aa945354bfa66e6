// What somebody's Vue app says to `deskbell/vue`; it is compiled, not run.
import { SupportChat, useSupportChat, type SupportChatHandle, type UseSupportChat } from 'deskbell/vue'
import { computed, defineComponent, h, ref, useTemplateRef, type GlobalComponents } from 'vue'

/** What a template may give to `<deskbell-chat>`: Vue's own checks look here */
type InTemplate = InstanceType<GlobalComponents['deskbell-chat']>['$props']
export const attributes: InTemplate = { server: '/support', theme: 'dark', heading: 'Help', class: 'own' }
// @ts-expect-error: there is no such theme
export const wrong: InTemplate = { theme: 'blue' }

export const Chat = defineComponent(() => {
  const token = ref<string | null>(null)
  const widget = useTemplateRef<SupportChatHandle>('widget')
  const support: UseSupportChat = useSupportChat({ server: () => '/support', token, getToken: async () => 'token' })
  const texts = computed(() => support.chat.value?.messages.map(({ content }) => content) ?? [])
  return () => [
    h('p', { title: support.typing.value?.name }, texts.value.join()),
    h(
      'button',
      { onClick: () => support.sendMessage('Hello') && widget.value?.open() },
      `${support.unreadCount.value}`,
    ),
    h(SupportChat, { ref: 'widget', server: '/support', theme: 'light' }),
    // @ts-expect-error: there is no such theme
    h(SupportChat, { theme: 'blue' }),
  ]
})
