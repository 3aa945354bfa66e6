// How one is told of new messages.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { chime } from '../../../ui/chime.ts'
import { notifications as words } from '../../locales/notifications.en.ts'
import { useDashboard } from '../../views/context.ts'
import { Part, Problem } from '../parts.tsx'
import { useAction } from '../use-action.ts'
import { PushPart } from './push-part.tsx'

export function NotificationsPage(): JSX.Element {
  return (
    <>
      <DesktopPart />
      <PushPart />
      <SoundPart />
      <EmailPart />
    </>
  )
}

function DesktopPart(): JSX.Element {
  const { desk } = useDashboard()
  const { desktop, alerts, preferences } = desk
  const permission = desktop.permission.value
  const isOn = alerts.isOn.value
  const [isAsking, setAsking] = useState(false)

  function showOne(): void {
    const nothing = (): void => {}
    const { sampleTitle: title, sampleBody: body } = words
    desktop.show({ key: 'sample', title, body, silent: true, clicked: nothing, gone: nothing })
  }

  async function toggle(): Promise<void> {
    if (isAsking) return
    if (isOn) {
      preferences.desktop.value = false
      return
    }
    setAsking(true)
    await desktop.ask()
    setAsking(false)
    if (desktop.permission.value !== 'granted') return
    preferences.desktop.value = true
    showOne()
  }

  return (
    <Part title={words.desktop}>
      <p>{words.desktopHint}</p>
      <p class="page-done" role="status">
        {isOn && words.isOn}
      </p>
      {permission === 'denied' || permission === 'unsupported' ? (
        <p class="page-obstacle" role="status">
          {words.obstacles[permission]}
        </p>
      ) : (
        <div class="page-buttons">
          <button class="button" type="button" aria-disabled={isAsking} onClick={() => void toggle()}>
            {isOn ? words.turnOff : words.turnOn}
          </button>
          {isOn && (
            <button class="button" type="button" onClick={showOne}>
              {words.showOne}
            </button>
          )}
        </div>
      )}
    </Part>
  )
}

function SoundPart(): JSX.Element {
  const { sound } = useDashboard().desk.preferences
  return (
    <Part title={words.sound}>
      <label class="switch page-switch">
        <input
          type="checkbox"
          checked={sound.value}
          onChange={(event) => {
            sound.value = event.currentTarget.checked
          }}
        />
        <span>
          {words.soundSwitch}
          <span class="switch-hint">{words.soundHint}</span>
        </span>
      </label>
      <button class="button" type="button" onClick={chime}>
        {words.playIt}
      </button>
    </Part>
  )
}

/** Where the server sends mails to staff, and whoever looks has an account */
function EmailPart(): JSX.Element | null {
  const { api, desk } = useDashboard()
  const { isBusy, refusal, run } = useAction()
  const account = desk.account.value.value
  const after = account?.waiting_mails_after ?? null
  if (after === null || !account?.member) return null
  const isWanted = account.member.waiting_mails
  return (
    <Part title={words.email}>
      <label class="switch page-switch">
        <input
          type="checkbox"
          checked={isWanted}
          disabled={isBusy}
          onChange={() =>
            void run(async () => {
              await api.request('PUT', 'dashboard/account/waiting_mails', { wanted: !isWanted })
              await desk.account.refresh()
            })
          }
        />
        <span>
          {words.emailSwitch}
          <span class="switch-hint">{words.emailHint(after)}</span>
        </span>
      </label>
      <Problem text={refusal && words.emailFailed} />
    </Part>
  )
}
