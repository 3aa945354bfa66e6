import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { account as words } from '../../locales/account.en.ts'
import { useDashboard } from '../../views/context.ts'
import { Field, Part, Problem } from '../parts.tsx'
import { useAction } from '../use-action.ts'
import { sayRefusal } from './say-refusal.ts'

export function PasswordPart(): JSX.Element {
  const { api } = useDashboard()
  const { isBusy, refusal, run } = useAction()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const [isDone, setDone] = useState(false)
  const change = async (): Promise<void> => {
    setDone(false)
    const worked = await run(async () => {
      await api.request('POST', 'dashboard/account/password', { current, password })
    })
    if (!worked) return
    setDone(true)
    setCurrent('')
    setPassword('')
  }
  return (
    <Part title={words.password}>
      <form
        class="page-form"
        onSubmit={(event) => {
          event.preventDefault()
          void change()
        }}
      >
        <Field
          label={words.currentPassword}
          type="password"
          fills="current-password"
          value={current}
          set={setCurrent}
        />
        <Field
          label={words.newPassword}
          type="password"
          fills="new-password"
          hint={words.passwordHint}
          value={password}
          set={setPassword}
        />
        <button class="button" aria-disabled={isBusy}>
          {words.changePassword}
        </button>
      </form>
      <Problem text={refusal && sayRefusal(refusal)} />
      <p class="page-done" role="status">
        {isDone && words.passwordChanged}
      </p>
    </Part>
  )
}
