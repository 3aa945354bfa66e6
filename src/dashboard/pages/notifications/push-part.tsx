// Notifications of this browser while the dashboard is closed.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { notifications as words } from '../../locales/notifications.en.ts'
import { isOn as isPushOn, isSupported, keyOf, turnOff, turnOn } from '../../push/browser-push.ts'
import { useDashboard } from '../../views/context.ts'
import { Part, Problem } from '../parts.tsx'
import { useAction } from '../use-action.ts'

/** Nothing where the server offers none, or has not answered yet */
export function PushPart(): JSX.Element | null {
  const { api, desk } = useDashboard()
  const { isBusy, refusal, run } = useAction()
  const [key, setKey] = useState<string>()
  const [isOn, setOn] = useState(false)

  async function look(): Promise<void> {
    const found = await keyOf(api)
    if (found !== undefined && isSupported()) setOn(await isPushOn(api))
    setKey(found)
  }
  useEffect(() => {
    // Without an answer, the rest of the page is there all the same
    void look().catch(() => undefined)
  }, [])

  if (key === undefined) return null
  const obstacle = isSupported() ? desk.desktop.permission.value : 'unsupported'
  return (
    <Part title={words.push}>
      <p>{words.pushHint}</p>
      {obstacle === 'denied' || obstacle === 'unsupported' ? (
        <p class="page-obstacle" role="status">
          {words.pushObstacles[obstacle]}
        </p>
      ) : (
        <label class="switch page-switch">
          <input
            type="checkbox"
            checked={isOn}
            disabled={isBusy}
            onChange={() =>
              void run(async () => {
                try {
                  if (isOn) await turnOff(api)
                  else {
                    await desk.desktop.ask()
                    if (desk.desktop.permission.peek() === 'granted') await turnOn(api, key)
                  }
                } finally {
                  setOn(await isPushOn(api))
                }
              })
            }
          />
          <span>
            {words.pushSwitch}
            <span class="switch-hint">{words.pushEnds}</span>
          </span>
        </label>
      )}
      <Problem text={refusal && words.pushFailed} />
    </Part>
  )
}
