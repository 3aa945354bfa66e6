import type { DeliveryStore, MailEvent } from 'deskbell/core'
import type { Tables } from './tables.ts'

/** Services write domains as DNS has them, and change the case */
function plain(address: string): string {
  const [local = '', domain = ''] = address.toLowerCase().split('@')
  return `${local}@${new URL(`http://${domain || 'none'}`).hostname}`
}

export function deliveryFacet(tables: Tables): DeliveryStore {
  function blockAddress(
    address: string,
    kind: Exclude<MailEvent['delivery'], 'delivered'>,
    at: string,
    reason: string | null,
  ): void {
    const known = tables.blocks.get(address)
    if (known && (known.at >= at || (known.unblocked_at ?? '') >= at)) return
    tables.blocks.set(address, { kind, at, reason, unblocked_at: null })
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
      if (one.state === 'uncertain') Object.assign(one, { state: 'sent', reason: null })
      Object.assign(one, { delivery, delivery_at: at, delivery_reason: reason })
      if (delivery !== 'delivered') blockAddress(one.address, delivery, at, reason)
      return one.chat_id
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
