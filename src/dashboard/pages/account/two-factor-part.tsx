// The second factor: to set it up with an authenticator app, new recovery codes, and to turn it off.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { RecoveryCodes, StaffAccount, TwoFactorSetup } from '../../../protocol/account.ts'
import { account as words } from '../../locales/account.en.ts'
import { useDashboard } from '../../views/context.ts'
import { CopyButton, Field, Part, Problem } from '../parts.tsx'
import { useAction } from '../use-action.ts'
import { QrCode } from './qr-code.tsx'
import { sayRefusal } from './say-refusal.ts'

type Step =
  { kind: 'none' | 'off' | 'renew' } | { kind: 'setup'; setup: TwoFactorSetup } | { kind: 'codes'; codes: string[] }

export function TwoFactorPart({ of }: { of: NonNullable<StaffAccount['member']> }): JSX.Element {
  const { api, desk } = useDashboard()
  const { isBusy, refusal, run } = useAction()
  const [step, setStep] = useState<Step>({ kind: 'none' })
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')

  const begin = (next: Step): void => {
    setPassword('')
    setCode('')
    setStep(next)
  }
  const setUp = () =>
    run(async () => begin({ kind: 'setup', setup: await api.json('POST', 'dashboard/account/two_factor') }))
  const showCodes = async ({ recovery_codes: codes }: RecoveryCodes): Promise<void> => {
    begin({ kind: 'codes', codes })
    await desk.account.refresh()
  }
  const submit = (): Promise<boolean> =>
    run(async () => {
      if (step.kind === 'setup') {
        const { secret } = step.setup
        await showCodes(await api.json('PUT', 'dashboard/account/two_factor', { secret, code, password }))
      } else if (step.kind === 'renew')
        await showCodes(await api.json('POST', 'dashboard/account/recovery_codes', { password, code }))
      else {
        await api.request('DELETE', 'dashboard/account/two_factor', { password, code })
        begin({ kind: 'none' })
        await desk.account.refresh()
      }
    })
  const cancel = (
    <button class="button" type="button" onClick={() => begin({ kind: 'none' })}>
      {words.cancel}
    </button>
  )

  if (step.kind === 'codes')
    return (
      <Part title={words.recoveryCodes}>
        <p>{words.recoveryCodesHint}</p>
        <ul class="recovery-codes">
          {step.codes.map((one) => (
            <li key={one}>
              <code>{one}</code>
            </li>
          ))}
        </ul>
        <div class="page-buttons">
          <CopyButton text={step.codes.join('\n')} label={words.copyCodes} done={words.copied} />
          <button class="button" type="button" onClick={() => begin({ kind: 'none' })}>
            {words.codesKept}
          </button>
        </div>
      </Part>
    )

  return (
    <Part title={words.twoFactor}>
      <p>{of.two_factor ? words.twoFactorOn(of.recovery_codes) : words.twoFactorOff}</p>
      {step.kind === 'none' ? (
        <div class="page-buttons">
          {of.two_factor ? (
            <>
              <button class="button" type="button" onClick={() => begin({ kind: 'renew' })}>
                {words.newRecoveryCodes}
              </button>
              <button class="button" type="button" onClick={() => begin({ kind: 'off' })}>
                {words.turnOff}
              </button>
            </>
          ) : (
            <button class="button" type="button" aria-disabled={isBusy} onClick={() => void setUp()}>
              {words.setUp}
            </button>
          )}
        </div>
      ) : (
        <form
          class="page-form"
          onSubmit={(event) => {
            event.preventDefault()
            void submit()
          }}
        >
          {step.kind === 'setup' && <Setup {...step.setup} code={code} setCode={setCode} />}
          <Field
            label={words.currentPassword}
            type="password"
            fills="current-password"
            value={password}
            set={setPassword}
          />
          {step.kind !== 'setup' && (
            <Field label={words.code} fills="one-time-code" hint={words.currentCodeHint} value={code} set={setCode} />
          )}
          <div class="page-buttons">
            <button class="button" aria-disabled={isBusy}>
              {{ setup: words.turnOn, renew: words.newRecoveryCodes, off: words.turnOff }[step.kind]}
            </button>
            {cancel}
          </div>
        </form>
      )}
      <Problem text={refusal && sayRefusal(refusal)} />
    </Part>
  )
}

interface SetupProps extends TwoFactorSetup {
  code: string
  setCode: (code: string) => void
}

function Setup({ secret, uri, code, setCode }: SetupProps): JSX.Element {
  return (
    <>
      <p>{words.scan}</p>
      <QrCode text={uri} label={words.qrCode} />
      <p class="secret">
        {words.secretHint} <code>{secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
      </p>
      <Field label={words.code} fills="one-time-code" hint={words.codeHint} value={code} set={setCode} />
    </>
  )
}
