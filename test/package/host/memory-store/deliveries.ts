import type { DeliveryStore, MailBlock } from 'deskbell/core'
import { tell } from './activities.ts'
import type { Tables } from './tables.ts'

/** Services write domains as DNS has them, and change the case */
function plain(address: string): string {
  const [local = '', domain = ''] = address.toLowerCase().split('@')
  return `${local}@${new URL(`http://${domain || 'none'}`).hostname}`
}

export function deliveryFacet(tables: Tables): DeliveryStore {
  function blockAddress(address: string, block: MailBlock): boolean {
    const known = tables.blocks.get(address)
    if (known && (known.at >= block.at || (known.unblocked_at ?? '') >= block.at)) return false
    tables.blocks.set(address, { ...block, unblocked_at: null })
    return true
  }

  return {
    async recordMailEvent({ reference, address, delivery, at: told, reason }, now) {
      const one = tables.open.notifications.find(({ id }) => id === reference)
      const wasSent = one && ['sending', 'sent', 'uncertain'].includes(one.state)
      if (!wasSent || one.address === null || plain(one.address) !== plain(address)) return undefined
      const at = told < now ? told : now
      const isNews =
        one.delivery === null ||
        (delivery !== 'delivered' && (one.delivery === 'delivered' || (one.delivery_at ?? '') < at))
      if (!isNews) return undefined
      const isFound = one.state === 'uncertain'
      const isKnown = one.delivery === delivery
      if (isFound) Object.assign(one, { state: 'sent', reason: null })
      Object.assign(one, { delivery, delivery_at: at, delivery_reason: reason })
      if (delivery !== 'delivered') blockAddress(one.address, { kind: delivery, at, reason })
      const chat = tables.chats.get(one.chat_id)
      if (!chat) throw new Error(`There is no chat ${one.chat_id}`)
      const { address: mailed, chat_id } = one
      if (delivery !== 'delivered' && !isKnown) {
        const body = { address: mailed, delivery, reason }
        return { chat_id, activity: tell(chat, { kind: 'mail_bounced', body }, { at: now }) }
      }
      const isSent = delivery === 'delivered' && isFound
      const body = { address: mailed }
      return { chat_id, activity: isSent ? tell(chat, { kind: 'mail_sent', body }, { at: now }) : null }
    },
    async blockMail(address, { at, ...block }, now) {
      return tables.open && blockAddress(address, { ...block, at: at < now ? at : now })
    },
    async mailBlock(address) {
      const block = tables.open.blocks.get(address)
      if (!block || block.unblocked_at !== null) return null
      return { kind: block.kind, at: block.at, reason: block.reason }
    },
    async unblockMail(address, at) {
      const block = tables.open.blocks.get(address)
      if (!block || block.unblocked_at !== null) return false
      block.unblocked_at = at
      return true
    },
  }
}
