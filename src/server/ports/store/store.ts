// The port to a database. Its methods are those of the domain, not generic CRUD, so that each engine can optimize them.
// Times are ISO 8601 strings in UTC with milliseconds. Every method is atomic: all of it is committed when its promise resolves.
import type { AccountStore } from './accounts.ts'
import type { ActivityStore } from './activities.ts'
import type { AllowanceStore } from './allowances.ts'
import type { AnswerStore } from './answers.ts'
import type { AttachmentStore } from './attachments.ts'
import type { ChatStore } from './chats.ts'
import type { ColleagueStore } from './colleagues.ts'
import type { DeliveryStore } from './deliveries.ts'
import type { MailStore } from './mails.ts'
import type { MessageStore } from './messages.ts'
import type { NotificationStore } from './notifications.ts'
import type { StoreOperations } from './operations.ts'
import type { PeopleStore } from './people.ts'
import type { PersonalDataStore } from './personal-data.ts'
import type { NumberStore } from './numbers.ts'
import type { PushStore } from './push.ts'
import type { RatingStore } from './ratings.ts'
import type { CannedReplyStore } from './replies.ts'
import type { RetentionStore } from './retention.ts'
import type { RevocationStore } from './revocations.ts'
import type { SearchStore } from './search.ts'
import type { TagStore } from './tags.ts'
import type { VisitorStore } from './visitors.ts'
import type { WebhookStore } from './webhooks.ts'

/**
 * All facets together. Search is optional: it needs an index that every append maintains. So are accounts and push.
 * @throws StoreUnavailable from every method, when the database is temporarily unable to do it or the store was closed
 */
export interface Store
  extends
    PeopleStore,
    ChatStore,
    MessageStore,
    ActivityStore,
    ColleagueStore,
    AttachmentStore,
    NotificationStore,
    RetentionStore,
    RevocationStore,
    CannedReplyStore,
    NumberStore,
    MailStore,
    DeliveryStore,
    AllowanceStore,
    WebhookStore,
    PersonalDataStore,
    VisitorStore,
    TagStore,
    RatingStore,
    AnswerStore,
    StoreOperations,
    Partial<SearchStore> {
  /** Where the stand-alone server keeps the accounts of staff; loaded when it is called. A host's own store needs none */
  accounts?(): Promise<AccountStore>
  /** Where the browsers of staff that get push notifications are; loaded when it is called. Without it there are none */
  push?(): Promise<PushStore>
}
