// Files cannot be sent yet, which is said where somebody drops or pastes one.
import { useEffect, useState } from 'preact/hooks'
import { hasFiles, keepPage } from './keep-page.ts'

/** Milliseconds */
const SHOWN_FOR = 8_000

export interface FileRefusal {
  /** A file was refused a moment ago */
  isRefused: boolean
  /** For the element that holds the conversation */
  listeners: {
    onDragOver: (event: DragEvent) => void
    onDrop: (event: DragEvent) => void
    onPaste: (event: ClipboardEvent) => void
    onInput: () => void
  }
}

export function useFileRefusal(): FileRefusal {
  /** Counted, so that the words stay for their whole time after the last one */
  const [refusals, setRefusals] = useState(0)
  useEffect(() => {
    if (!refusals) return undefined
    const timer = setTimeout(() => setRefusals(0), SHOWN_FOR)
    return () => clearTimeout(timer)
  }, [refusals])
  return {
    isRefused: refusals > 0,
    listeners: {
      onDragOver: keepPage,
      onDrop(event) {
        keepPage(event)
        if (hasFiles(event)) setRefusals(refusals + 1)
      },
      onPaste({ clipboardData }) {
        // Office programs put a picture of the text beside it: the text is what was meant
        if (clipboardData?.files.length && !clipboardData.getData('text/plain')) setRefusals(refusals + 1)
      },
      onInput: () => setRefusals(0),
    },
  }
}
