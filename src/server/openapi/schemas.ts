// What the REST API answers, as schemas for the OpenAPI document. They say the same as the types of src/protocol, field by field:
// the compiler proves it below, and a test compares the descriptions with the comments there.
import { z } from 'zod'
import { ERRORS, type ErrorCode, type Problem } from '../../protocol/errors.ts'
import type { ActivityPage, ActivitySlice, SupportActivity, SupportNote } from '../../protocol/activity.ts'
import type { ColleagueNumbers, DayNumbers, Numbers, TagNumbers } from '../../protocol/numbers.ts'
import type { CannedReplies, CannedReply, ImportedReplies } from '../../protocol/canned-replies.ts'
import type {
  AblyListening,
  ChannelSignature,
  FirebaseListening,
  ListenerToken,
  PusherListening,
  SocketIoListening,
  StaffRealtime,
  SupabaseListening,
} from '../../protocol/listening.ts'
import type { PushKey, PushSubscribed } from '../../protocol/push.ts'
import type { RatingRequest, SupportRating } from '../../protocol/ratings.ts'
import type { KnownTags, TaggedChat } from '../../protocol/tags.ts'
import type {
  AdminSupportChat,
  ArchivedChat,
  AssignedChat,
  Assignee,
  BlockedUser,
  Colleague,
  Colleagues,
  FoundMessage,
  FoundPage,
  FoundPeople,
  FoundPerson,
  MailBlock,
  MessagePage,
  OwnUnread,
  MarkedRead,
  MergedVisitor,
  SupportChat,
  SupportChatListItem,
  StaffSender,
  SupportMessage,
  SupportUser,
  ResubscribedUser,
  UnblockedMail,
  UnreadCount,
  VisitorContact,
} from '../../protocol/types.ts'
import type { ChatAssistant, DeskAssistant, HandedOver } from '../../protocol/assistant.ts'
import type { Webhook, WebhookPage } from '../../protocol/webhooks.ts'
import type { AttachmentLimits, SupportAttachment } from '../../protocol/attachments.ts'
import * as attachments from '../attachments/schemas.ts'
import * as activity from '../activity/schemas.ts'
import * as assignment from '../assignment/schemas.ts'
import * as blocking from '../blocking/schemas.ts'
import * as chats from '../chats/schemas.ts'
import * as messages from '../messages/schemas.ts'
import * as people from '../people/schemas.ts'
import * as realtime from '../realtime/publishing/schemas.ts'
import * as numbers from '../numbers/schemas.ts'
import * as push from '../push/schemas.ts'
import * as replies from '../replies/schemas.ts'
import * as assistant from '../assistant/schemas.ts'
import * as ratings from '../ratings/schemas.ts'
import * as tags from '../tags/schemas.ts'
import * as webhooks from '../webhooks/schemas.ts'

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(ERRORS) as ErrorCode[]),
  detail: z.string().exactOptional(),
})

/** By the names of their types, which are their names in the document too */
export const SCHEMAS = {
  SupportMessage: messages.supportMessage,
  SupportAttachment: attachments.supportAttachment,
  AttachmentLimits: attachments.attachmentLimits,
  SupportChat: chats.supportChat,
  OwnUnread: chats.ownUnread,
  MarkedRead: messages.markedRead,
  MessagePage: messages.messagePage,
  SupportChatListItem: chats.supportChatListItem,
  StaffSender: chats.staffSender,
  AdminSupportChat: chats.adminSupportChat,
  SupportUser: people.supportUser,
  MailBlock: chats.mailBlock,
  UnblockedMail: chats.unblockedMail,
  ResubscribedUser: chats.resubscribedUser,
  VisitorContact: people.visitorContact,
  MergedVisitor: people.mergedVisitor,
  ArchivedChat: chats.archivedChat,
  Assignee: assignment.assignee,
  AssignedChat: assignment.assignedChat,
  BlockedUser: blocking.blockedUser,
  Colleague: assignment.colleague,
  Colleagues: assignment.colleagues,
  SupportNote: activity.supportNote,
  SupportActivity: activity.supportActivity,
  ActivitySlice: activity.activitySlice,
  ActivityPage: activity.activityPage,
  FoundPerson: people.foundPerson,
  FoundPeople: people.foundPeople,
  UnreadCount: chats.unreadCount,
  FoundMessage: messages.foundMessage,
  FoundPage: messages.foundPage,
  DayNumbers: numbers.dayNumbers,
  ColleagueNumbers: numbers.colleagueNumbers,
  TagNumbers: numbers.tagNumbers,
  Numbers: numbers.numbers,
  PushKey: push.pushKey,
  PushSubscribed: push.pushSubscribed,
  CannedReply: replies.cannedReply,
  CannedReplies: replies.cannedReplies,
  ImportedReplies: replies.importedReplies,
  ChatAssistant: assistant.chatAssistant,
  DeskAssistant: assistant.deskAssistant,
  HandedOver: assistant.handedOver,
  SupportRating: ratings.supportRating,
  RatingRequest: ratings.ratingRequest,
  TaggedChat: tags.taggedChat,
  KnownTags: tags.knownTags,
  Webhook: webhooks.webhook,
  WebhookPage: webhooks.webhookPage,
  PusherListening: realtime.pusherListening,
  AblyListening: realtime.ablyListening,
  SupabaseListening: realtime.supabaseListening,
  FirebaseListening: realtime.firebaseListening,
  SocketIoListening: realtime.socketIoListening,
  StaffRealtime: realtime.staffRealtime,
  ChannelSignature: realtime.channelSignature,
  ListenerToken: realtime.listenerToken,
  Problem: problem,
}

interface Types {
  SupportMessage: SupportMessage
  SupportAttachment: SupportAttachment
  AttachmentLimits: AttachmentLimits
  SupportChat: SupportChat
  OwnUnread: OwnUnread
  MarkedRead: MarkedRead
  MessagePage: MessagePage
  SupportChatListItem: SupportChatListItem
  StaffSender: StaffSender
  AdminSupportChat: AdminSupportChat
  SupportUser: SupportUser
  MailBlock: MailBlock
  UnblockedMail: UnblockedMail
  ResubscribedUser: ResubscribedUser
  VisitorContact: VisitorContact
  MergedVisitor: MergedVisitor
  ArchivedChat: ArchivedChat
  Assignee: Assignee
  AssignedChat: AssignedChat
  BlockedUser: BlockedUser
  Colleague: Colleague
  Colleagues: Colleagues
  SupportNote: SupportNote
  SupportActivity: SupportActivity
  ActivitySlice: ActivitySlice
  ActivityPage: ActivityPage
  FoundPerson: FoundPerson
  FoundPeople: FoundPeople
  UnreadCount: UnreadCount
  FoundMessage: FoundMessage
  FoundPage: FoundPage
  DayNumbers: DayNumbers
  ColleagueNumbers: ColleagueNumbers
  TagNumbers: TagNumbers
  Numbers: Numbers
  PushKey: PushKey
  PushSubscribed: PushSubscribed
  CannedReply: CannedReply
  CannedReplies: CannedReplies
  ImportedReplies: ImportedReplies
  ChatAssistant: ChatAssistant
  DeskAssistant: DeskAssistant
  HandedOver: HandedOver
  SupportRating: SupportRating
  RatingRequest: RatingRequest
  TaggedChat: TaggedChat
  KnownTags: KnownTags
  Webhook: Webhook
  WebhookPage: WebhookPage
  PusherListening: PusherListening
  AblyListening: AblyListening
  SupabaseListening: SupabaseListening
  FirebaseListening: FirebaseListening
  SocketIoListening: SocketIoListening
  StaffRealtime: StaffRealtime
  ChannelSignature: ChannelSignature
  ListenerToken: ListenerToken
  Problem: Problem
}

/** Identical, not merely assignable: a field that one of them lacks, or that may be left out of one, counts */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Differing = {
  [Name in keyof typeof SCHEMAS | keyof Types]: Name extends keyof typeof SCHEMAS & keyof Types
    ? Same<z.output<(typeof SCHEMAS)[Name]>, Types[Name]> extends true
      ? never
      : Name
    : Name
}[keyof typeof SCHEMAS | keyof Types]
type Proof<Names extends never> = Names
/** Does not compile where a schema and its type differ; the message names them */
export type SchemasEqualTypes = Proof<Differing>
