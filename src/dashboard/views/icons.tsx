// The dashboard's own icons, drawn like those of src/ui: 20 px, 1.5 px stroke.
import type { ComponentChildren, JSX } from 'preact'

const icon = (children: ComponentChildren, mirrored = false): JSX.Element => (
  <svg
    class={mirrored ? 'icon is-mirrored' : 'icon'}
    viewBox="0 0 20 20"
    width="20"
    height="20"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    {children}
  </svg>
)

export const SearchIcon = (): JSX.Element =>
  icon(
    <>
      <circle cx="9" cy="9" r="5" />
      <path d="m13 13 3.5 3.5" />
    </>,
  )
export const CrossIcon = (): JSX.Element => icon(<path d="m6 6 8 8m0-8-8 8" />)
export const BackIcon = (): JSX.Element => icon(<path d="M12 5l-5 5 5 5" />, true)
export const ArchiveIcon = (): JSX.Element =>
  icon(
    <>
      <rect x="3" y="4" width="14" height="3.5" rx="1" />
      <path d="M4.5 7.5V15a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1V7.5M8 10.5h4" />
    </>,
  )
export const RestoreIcon = (): JSX.Element =>
  icon(
    <>
      <rect x="3" y="4" width="14" height="3.5" rx="1" />
      <path d="M4.5 7.5V15a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1V7.5M10 14v-4m-2 1.8 2-2 2 2" />
    </>,
  )
export const HelpIcon = (): JSX.Element =>
  icon(
    <>
      <rect x="2.5" y="5" width="15" height="10" rx="2" />
      <path d="M5.5 8h.01M8.5 8h.01M11.5 8h.01M14.5 8h.01M6.5 12h7" />
    </>,
  )
export const PersonIcon = (): JSX.Element =>
  icon(
    <>
      <circle cx="10" cy="7" r="3.25" />
      <path d="M4 16.5c.6-3 3-4.75 6-4.75s5.4 1.75 6 4.75" />
    </>,
  )
export const MoreIcon = (): JSX.Element => icon(<path d="M4.5 10h.01M10 10h.01M15.5 10h.01" stroke-width="2.5" />)
/** Few rows, and many: what the button leads to */
export const FullRowsIcon = (): JSX.Element =>
  icon(
    <>
      <rect x="3" y="3.5" width="14" height="5.5" rx="1.5" />
      <rect x="3" y="11.5" width="14" height="5.5" rx="1.5" />
    </>,
  )
export const DenseRowsIcon = (): JSX.Element => icon(<path d="M3 4h14M3 8h14M3 12h14M3 16h14" />)
export const BubblesIcon = (): JSX.Element => (
  <svg
    class="bubbles"
    viewBox="0 0 64 48"
    width="64"
    height="48"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d="M8 5h28a5 5 0 0 1 5 5v13a5 5 0 0 1-5 5H18l-8 6v-6H8a5 5 0 0 1-5-5V10a5 5 0 0 1 5-5z" />
    <path d="M47 18h9a5 5 0 0 1 5 5v11a5 5 0 0 1-5 5h-1v6l-7-6H33a5 5 0 0 1-5-5" />
    <path d="M11 13h20M11 19h12" stroke-linecap="round" />
  </svg>
)
