// What answers users by itself, or drafts replies for staff.

/** `GET support_chat/assistant`: what answers messages of users by itself, until a person does */
export interface ChatAssistant {
  /** As its messages show it */
  name: string | null
  /** It answers the next message. False: a person of staff does, until the chat has been in the archive */
  active: boolean
}

/** `POST support_chat/hand_over` */
export interface HandedOver {
  /** Staff were told now, and not before */
  handed_over: boolean
}

/** What helps staff in a chat */
export interface DeskAssistant extends ChatAssistant {
  /** It drafts replies */
  suggests: boolean
}
