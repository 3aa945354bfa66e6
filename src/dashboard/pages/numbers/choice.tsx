import type { JSX } from 'preact'

interface Props<Value> {
  label: string
  of: readonly Value[]
  chosen: Value
  name: (value: Value) => string
  choose: (value: Value) => void
}

/** One of a few, as buttons beside each other */
export const Choice = <Value extends string | number>({
  label,
  of,
  chosen,
  name,
  choose,
}: Props<Value>): JSX.Element => (
  <div class="choice" role="group" aria-label={label}>
    {of.map((value) => (
      <button key={value} class="button" type="button" aria-pressed={value === chosen} onClick={() => choose(value)}>
        {name(value)}
      </button>
    ))}
  </div>
)
