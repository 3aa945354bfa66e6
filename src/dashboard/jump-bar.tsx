// Above the messages: what became of going back to one of them, where that needs a word.
import type { JSX } from 'preact'
import type { ConversationState } from '../client/conversation/conversation.ts'
import type { SupportMessage } from '../protocol/types.ts'
import { exact } from './clock.ts'
import { jumpAgain, type Jump } from './jump.ts'
import { navigate } from './routes.ts'
import { strings } from './strings.ts'

export const toNewest = (): void => navigate({ at: null })

interface Props {
  target: Jump
  state: ConversationState
}

export function JumpBar({ target, state }: Props): JSX.Element {
  return (
    <div class="jump-bar" role="status">
      {target.kind === 'here' && <span class="sr">{strings.shownMessage(timeOf(target.seq, state.messages))}</span>}
      {target.kind === 'apart' && (
        <p>
          {strings.apart((state.messages.at(-1)?.seq ?? 0) - target.seq, timeOf(target.seq, target.messages))}{' '}
          <button class="link" type="button" onClick={toNewest}>
            {strings.toNewest}
          </button>
        </p>
      )}
      {target.kind === 'missing' && <p>{strings.messageMissing}</p>}
      {target.kind === 'failed' && (
        <p>
          {strings.goingBackFailed}{' '}
          <button class="link" type="button" onClick={jumpAgain}>
            {strings.retry}
          </button>
        </p>
      )}
    </div>
  )
}

const timeOf = (seq: number, messages: readonly SupportMessage[]): string =>
  exact(messages.find((message) => message.seq === seq)?.created_at ?? '')
