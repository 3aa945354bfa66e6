// What an open chat is drawn with. A chunk of its own, which the list does not wait for.
import { rules } from '../../ui/formatted-text.tsx'

export { AssigneeMenu } from './assignee-menu.tsx'
export { ChatInfo } from './chat-info.tsx'
export { InfoDialog } from './info-dialog.tsx'
export { Thread } from './thread.tsx'

// Whoever opens a chat does not wait for them too
void rules.load()
