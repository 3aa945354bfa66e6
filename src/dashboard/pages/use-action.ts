// Something that a page asks of the server, and what is shown meanwhile and when it was refused.
import { useState } from 'preact/hooks'
import { ApiError } from '../../client/api-error.ts'

export interface Action {
  isBusy: boolean
  /** The code of the refusal, such as `wrong_password` or `rate_limited`; null: it was not refused */
  refusal: string | null
  /** Resolves to whether it worked; does nothing while the one before runs */
  run: (work: () => Promise<void>) => Promise<boolean>
}

export function useAction(): Action {
  const [isBusy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  return {
    isBusy,
    refusal,
    async run(work) {
      if (isBusy) return false
      setBusy(true)
      setRefusal(null)
      try {
        await work()
        return true
      } catch (error) {
        setRefusal(error instanceof ApiError ? error.code : 'network')
        return false
      } finally {
        setBusy(false)
      }
    },
  }
}
