// Draws what `parse` finds as elements, never as HTML. A chunk of its own, which imports nothing: `h` is given to it.
import type { ComponentChild, ComponentChildren, h as createElement } from 'preact'
import type { ConversationCatalogue } from '../catalogue.ts'
import { copyCode } from './copy-code.ts'
import { parse, type Block } from '../../protocol/formatting/parse.ts'
import type { Inline } from '../../protocol/formatting/parse-inline.ts'

type Draw = (
  text: string,
  h: typeof createElement,
  words: Pick<ConversationCatalogue, 'copy' | 'copied'>,
) => ComponentChildren

export const draw: Draw = (text, h, words) => {
  const blocks = parse(text)
  const inline = (one: Inline): ComponentChild => {
    if (typeof one === 'string') return one
    switch (one.kind) {
      case 'link':
        // An address is read from left to right (RFC 3987), and what was written before it cannot turn it around
        return h('a', { href: one.href, dir: 'ltr', target: '_blank', rel: 'noopener nofollow ugc' }, one.text)
      case 'code':
        return h('code', { class: 'db-code', dir: 'ltr' }, one.text)
      default:
        return h(one.kind, null, one.content.map(inline))
    }
  }
  const block = (one: Block): ComponentChild => {
    switch (one.kind) {
      case 'text':
        return h('p', null, one.content.map(inline))
      case 'emoji':
        return h('span', { class: 'db-emoji' }, one.text)
      case 'code':
        return h(
          'div',
          { class: 'db-pre', dir: 'ltr' },
          h(
            'button',
            {
              type: 'button',
              'aria-live': 'polite',
              onClick: (event: Event) => void copyCode(event.currentTarget as HTMLElement, words.copied),
            },
            words.copy,
          ),
          h('pre', null, one.text),
        )
      case 'quote':
        return h('blockquote', { dir: 'auto' }, one.content.map(block))
      case 'list':
        return h(
          one.items[0]?.number === undefined ? 'ul' : 'ol',
          { dir: 'auto' },
          one.items.map(({ number, content }) => h('li', { value: number }, content.map(block))),
        )
    }
  }
  const [only, more] = blocks
  return !more && only?.kind === 'text' ? only.content.map(inline) : blocks.map(block)
}
