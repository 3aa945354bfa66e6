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
  const [isRefused, setRefused] = useState(false)
  useEffect(() => {
    if (!isRefused) return undefined
    const timer = setTimeout(() => setRefused(false), SHOWN_FOR)
    return () => clearTimeout(timer)
  }, [isRefused])
  return {
    isRefused,
    listeners: {
      onDragOver: keepPage,
      onDrop(event) {
        keepPage(event)
        setRefused(hasFiles(event))
      },
      // Office programs put a picture of the text beside it: the text is what was meant
      onPaste: ({ clipboardData }) => setRefused(!!clipboardData?.files.length && !clipboardData.getData('text/plain')),
      onInput: () => setRefused(false),
    },
  }
}
