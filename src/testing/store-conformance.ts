// What every Store must do. Run it against a fresh, empty database per test; no engine is special.
import type { Store } from '../server/ports/store/store.ts'
import { accountsConformance } from './store-conformance/accounts.ts'
import { activitiesConformance } from './store-conformance/activities.ts'
import { assigningConformance } from './store-conformance/assigning.ts'
import { attachmentsConformance } from './store-conformance/attachments.ts'
import { answersConformance } from './store-conformance/answers.ts'
import { appendingConformance } from './store-conformance/appending.ts'
import { blockingConformance } from './store-conformance/blocking.ts'
import { chatsConformance } from './store-conformance/chats.ts'
import { allowancesConformance } from './store-conformance/allowances.ts'
import { deliveriesConformance } from './store-conformance/deliveries.ts'
import { incarnationConformance } from './store-conformance/incarnation.ts'
import { closingConformance } from './store-conformance/closing.ts'
import { conformanceKit } from './store-conformance/kit.ts'
import { listConformance } from './store-conformance/list.ts'
import { mailboxConformance } from './store-conformance/mailbox.ts'
import { nameSearchConformance } from './store-conformance/name-search.ts'
import { notificationsConformance } from './store-conformance/notifications.ts'
import { peopleSearchConformance } from './store-conformance/people-search.ts'
import { personalDataConformance } from './store-conformance/personal-data.ts'
import { readingConformance } from './store-conformance/reading.ts'
import { numbersConformance } from './store-conformance/numbers.ts'
import { pushConformance } from './store-conformance/push.ts'
import { ratingsConformance } from './store-conformance/ratings.ts'
import { repliesConformance } from './store-conformance/replies.ts'
import { retentionConformance } from './store-conformance/retention.ts'
import { revocationsConformance } from './store-conformance/revocations.ts'
import { tagsConformance } from './store-conformance/tags.ts'
import { visitorsConformance } from './store-conformance/visitors.ts'
import { webhooksConformance } from './store-conformance/webhooks.ts'

/** @param open makes a store on an empty database; `close` is called by the suite */
export function storeConformance(name: string, open: () => Promise<Store>): void {
  const kit = conformanceKit(open)
  chatsConformance(name, kit)
  appendingConformance(name, kit)
  readingConformance(name, kit)
  activitiesConformance(name, kit)
  assigningConformance(name, kit)
  blockingConformance(name, kit)
  peopleSearchConformance(name, kit)
  attachmentsConformance(name, kit)
  listConformance(name, kit)
  nameSearchConformance(name, kit)
  notificationsConformance(name, kit)
  deliveriesConformance(name, kit)
  allowancesConformance(name, kit)
  mailboxConformance(name, kit)
  personalDataConformance(name, kit)
  retentionConformance(name, kit)
  revocationsConformance(name, kit)
  repliesConformance(name, kit)
  numbersConformance(name, kit)
  ratingsConformance(name, kit)
  answersConformance(name, kit)
  webhooksConformance(name, kit)
  tagsConformance(name, kit)
  visitorsConformance(name, kit)
  accountsConformance(name, kit)
  pushConformance(name, kit)
  incarnationConformance(name, kit)
  closingConformance(name, kit)
}
