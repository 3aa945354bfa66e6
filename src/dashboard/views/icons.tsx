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
export const BlockIcon = (): JSX.Element =>
  icon(
    <>
      <circle cx="10" cy="10" r="6.5" />
      <path d="m5.5 5.5 9 9" />
    </>,
  )
export const WriteIcon = (): JSX.Element =>
  icon(
    <path d="M10.5 4.5H6A1.5 1.5 0 0 0 4.5 6v8A1.5 1.5 0 0 0 6 15.5h8a1.5 1.5 0 0 0 1.5-1.5V9.5M8.5 11.5l.5-2.5 6-6 2 2-6 6z" />,
  )
export const BellIcon = (): JSX.Element => icon(<path d="M5.5 13.5V9a4.5 4.5 0 0 1 9 0v4.5l1.5 1.5H4zM8.5 17.5h3" />)
export const BellOffIcon = (): JSX.Element =>
  icon(
    <path d="M5.5 13.5V9c0-.8.2-1.5.5-2.2M7.5 5.3A4.5 4.5 0 0 1 14.5 9v2.5M4 15h11M8.5 17.5h3M3.5 3.5l13 13M5.5 13.5 4 15" />,
  )
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
export const PersonIcon = (): JSX.Element =>
  icon(
    <>
      <circle cx="10" cy="7" r="3.25" />
      <path d="M4 16.5c.6-3 3-4.75 6-4.75s5.4 1.75 6 4.75" />
    </>,
  )
/** Somebody who is still to be found */
export const AssignIcon = (): JSX.Element =>
  icon(
    <>
      <circle cx="8" cy="7" r="3" />
      <path d="M2.5 16c.5-2.8 2.7-4.25 5.5-4.25 1.2 0 2.3.3 3.2.8M15 11.5v5M12.5 14h5" />
    </>,
  )
export const NobodyIcon = (): JSX.Element => icon(<circle cx="10" cy="10" r="7" stroke-dasharray="2.2 2.2" />)
export const EyeIcon = (): JSX.Element =>
  icon(
    <>
      <path d="M2.5 10c1.6-3 4.2-4.75 7.5-4.75S15.9 7 17.5 10c-1.6 3-4.2 4.75-7.5 4.75S4.1 13 2.5 10z" />
      <circle cx="10" cy="10" r="2.25" />
    </>,
  )
export const PencilIcon = (): JSX.Element =>
  icon(<path d="M4 16l.8-3.4 8.7-8.7a1.4 1.4 0 0 1 2 0l.6.6a1.4 1.4 0 0 1 0 2l-8.7 8.7z" />)
export const ChevronIcon = (): JSX.Element => icon(<path d="m6.5 8.5 3.5 3.5 3.5-3.5" />)
export const CheckIcon = (): JSX.Element => icon(<path d="m4.5 10.5 3.5 3.5 7.5-8" />)
/** A sheet with a folded corner */
export const NoteIcon = (): JSX.Element =>
  icon(
    <>
      <path d="M4 3.75h12v8.5L12 16.25H4z" />
      <path d="M16 12.25h-4v4M7 7.25h6M7 10.25h3.5" />
    </>,
  )
/** A bubble with lightning in it */
export const CannedIcon = (): JSX.Element =>
  icon(
    <>
      <path d="M5 3.75h10A1.75 1.75 0 0 1 16.75 5.5v6A1.75 1.75 0 0 1 15 13.25H9l-3.75 3v-3H5a1.75 1.75 0 0 1-1.75-1.75v-6A1.75 1.75 0 0 1 5 3.75z" />
      <path d="M10.75 5.75 8.5 8.75h3L9.25 11.5" />
    </>,
  )
/** A star that sparkles: what a machine suggests */
export const SparkIcon = (): JSX.Element =>
  icon(
    <>
      <path d="M8.5 4.5 10 8.5l4 1.5-4 1.5-1.5 4L7 11.5 3 10l4-1.5z" />
      <path d="M15.25 3.25v3.5M13.5 5h3.5" />
    </>,
  )
export const StopIcon = (): JSX.Element => icon(<rect x="5.5" y="5.5" width="9" height="9" rx="1.5" />)
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

export const SelectIcon = (): JSX.Element => icon(<path d="M4 4h12v12H4zm3 6 2 2 4-4" />)
