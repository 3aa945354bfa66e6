// Canned replies to a file and from one.
import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { CannedReply, ImportedReplies } from '../../../protocol/canned-replies.ts'
import { replies as words } from '../../locales/replies.en.ts'
import { useDashboard } from '../../views/context.ts'
import { Problem } from '../parts.tsx'
import { useAction } from '../use-action.ts'
import { sayRefusal } from './say-refusal.ts'

interface Props {
  all: readonly CannedReply[]
  changed: (said: string) => Promise<void>
}

export function ReplyFiles({ all, changed }: Props): JSX.Element {
  const { api } = useDashboard()
  const { isBusy, refusal, run } = useAction()
  const [isNoFile, setNoFile] = useState(false)
  const input = useRef<HTMLInputElement>(null)

  const take = async (file: File): Promise<void> => {
    const replies = repliesIn(await file.text())
    setNoFile(replies === null)
    if (replies === null) return
    let said = ''
    const worked = await run(async () => {
      said = words.imported(await api.json<ImportedReplies>('POST', 'admin/replies/import', { replies }))
    })
    if (worked) await changed(said)
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        hidden
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? []
          // The same file can be chosen again
          event.currentTarget.value = ''
          if (file) void take(file)
        }}
      />
      <button class="button" type="button" aria-disabled={isBusy} onClick={() => input.current?.click()}>
        {words.importFile}
      </button>
      {all.length > 0 && (
        <button class="button" type="button" onClick={() => save(all)}>
          {words.exportFile}
        </button>
      )}
      <Problem text={isNoFile ? words.noFile : refusal && sayRefusal(refusal)} />
    </>
  )
}

/** A list of them, or what the server lists; null: neither. The server checks each */
function repliesIn(text: string): unknown[] | null {
  try {
    const found: unknown = JSON.parse(text)
    const replies = Array.isArray(found) ? found : (found as { replies?: unknown } | null)?.replies
    return Array.isArray(replies) ? replies : null
  } catch {
    return null
  }
}

/** What people edit by hand, without ids and times */
function save(all: readonly CannedReply[]): void {
  const replies = all.map(({ shortcut, title, body }) => ({ shortcut, title, body }))
  const file = new Blob([JSON.stringify({ replies }, null, 2)], { type: 'application/json' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = words.fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
