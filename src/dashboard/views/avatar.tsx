import type { JSX } from 'preact'

/** First letter or digit of a name, as a person sees letters: "é" may be two code points */
const initial = (name: string): string => {
  const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name)
  for (const { segment } of letters) if (/[\p{L}\p{N}]/u.test(segment)) return segment.toLocaleUpperCase()
  return '?'
}

export function Avatar({ of, large = false }: { of: string; large?: boolean }): JSX.Element {
  return (
    <span class={large ? 'avatar is-large' : 'avatar'} aria-hidden="true">
      {initial(of)}
    </span>
  )
}
