// The bar above the messages that tells how a jump ended: the message is shown apart, is missing, or could not be loaded.
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { ConversationState } from '../../client/conversation/conversation.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import type { JumpState } from '../state/jump.ts'
import { useDashboard } from './context.ts'

interface Props {
  target: JumpState
  state: ConversationState
}

export function JumpBar({ target, state }: Props): JSX.Element {
  const { desk, words, moments } = useDashboard()
  const newest = state.messages.at(-1)?.seq ?? 0
  const timeOf = (seq: number, messages: readonly SupportMessage[]): string =>
    moments.exact(messages.find((message) => message.seq === seq)?.created_at ?? '')
  // Counted when it was gone to: a text that changes with every message would be read out with every message
  const messagesBack = useMemo(() => (target.kind === 'apart' ? newest - target.seq : 0), [target])
  return (
    <div class="jump-bar" role="status">
      {target.kind === 'here' && <span class="sr">{words.shownMessage(timeOf(target.seq, state.messages))}</span>}
      {target.kind === 'apart' && (
        <p>
          {words.apart(messagesBack, timeOf(target.seq, target.messages))}{' '}
          <button class="link" type="button" onClick={() => desk.navigation.navigate({ at: null })}>
            {words.toNewest}
          </button>
        </p>
      )}
      {target.kind === 'missing' && <p>{words.messageMissing}</p>}
      {target.kind === 'failed' && (
        <p>
          {words.goingBackFailed}{' '}
          <button class="link" type="button" onClick={() => desk.jump.again()}>
            {words.retry}
          </button>
        </p>
      )}
    </div>
  )
}
