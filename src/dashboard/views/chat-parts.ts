// What an open chat is drawn with. A chunk of its own, which the list does not wait for.
export { AssigneeMenu } from './assignee-menu.tsx'
export { ChatInfo } from './chat-info.tsx'
export { InfoDialog } from './info-dialog.tsx'
export { Thread } from './thread.tsx'
