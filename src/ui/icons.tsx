// One set: 24 × 24, 1.5 px stroke, in the colour of the text around it. Style sheets say so: the launcher's of all icons in its shadow
// root, the dashboard's of the class.
import type { VNode } from 'preact'

const Icon = ({ path, size = 20 }: { path: string; size?: number }): VNode => (
  <svg class="db-icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
    <path d={path} />
  </svg>
)

export const SendIcon = (): VNode => <Icon path="M12 19V5M5.5 11.5 12 5l6.5 6.5" />
export const CloseIcon = (): VNode => <Icon path="m6 6 12 12M18 6 6 18" />
export const DownIcon = (): VNode => <Icon size={16} path="M12 5v14M5.5 12.5 12 19l6.5-6.5" />
export const AlertIcon = (): VNode => <Icon size={16} path="M3 12a9 9 0 1 0 18 0 9 9 0 0 0-18 0M12 7.5V13m0 3.4v.1" />
export const BubbleIcon = (): VNode => (
  <Icon
    size={26}
    path="M20 11.5c0 4.1-3.6 7.5-8 7.5-1.2 0-2.4-.3-3.4-.7L4 19.5l1.3-3.9A7 7 0 0 1 4 11.5C4 7.4 7.6 4 12 4s8 3.4 8 7.5Z"
  />
)
