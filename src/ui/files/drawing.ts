// What the chunk of files draws with: it imports nothing, so `h` is given to it.
import type { ComponentChild, h as createElement } from 'preact'

export type H = typeof createElement

/** In the set of `icons.tsx`: 24 × 24, 1.5 px stroke */
export const icon = (h: H, path: string, size = 20): ComponentChild =>
  h(
    'svg',
    {
      width: size,
      height: size,
      viewBox: '0 0 24 24',
      class: 'db-icon',
      'aria-hidden': 'true',
    },
    h('path', { d: path }),
  )

export const CLIP =
  'm19.5 11.5-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8.2-8.2a3 3 0 0 1 4.3 4.3l-8.2 8.2a1.5 1.5 0 0 1-2.1-2.1l7.5-7.5'
export const CAMERA =
  'M4 8.5A1.5 1.5 0 0 1 5.5 7H8l1.5-2.5h5L16 7h2.5A1.5 1.5 0 0 1 20 8.5v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5zM8.5 12.8a3.5 3.5 0 1 0 7 0 3.5 3.5 0 0 0-7 0'
export const CROSS = 'm7 7 10 10M17 7 7 17'
export const AGAIN = 'M19 12a7 7 0 1 1-2.3-5.2M19 4v4.5h-4.5'
export const ALERT = 'M3 12a9 9 0 1 0 18 0 9 9 0 0 0-18 0M12 7.5V13m0 3.4v.1'
export const SHEET = 'M6.5 3.5h7l4.5 4.5v12.5h-11.5zM13.5 3.5V8H18'
