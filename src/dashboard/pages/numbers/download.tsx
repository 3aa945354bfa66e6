import type { JSX } from 'preact'

interface Props {
  csv: () => string
  label: string
  name: string
}

/** A button that saves a file */
export function Download({ csv, label, name }: Props): JSX.Element {
  function save(): void {
    const url = URL.createObjectURL(new Blob([csv()], { type: 'text/csv' }))
    const link = document.createElement('a')
    link.href = url
    link.download = name
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <button class="button" type="button" onClick={save}>
      {label}
    </button>
  )
}
