// Some messages of the thread, what only staff see between them, and the dividers.
import { Component, type JSX } from 'preact'
import type { SupportActivity } from '../../protocol/activity.ts'
import type { SenderType } from '../../protocol/types.ts'
import { rowsOf, type Block } from '../../ui/blocks.ts'
import { differs } from '../../ui/differs.ts'
import { Message, type MessageProps } from '../../ui/message.tsx'
import { ActivityRow } from './activity-row.tsx'
import { withActivity, type Above } from './thread-rows.ts'

interface Props extends Block, Pick<MessageProps, 'words' | 'dates' | 'conversation' | 'otherName'> {
  /** Which block */
  at: number
  role: SenderType
  activities: readonly SupportActivity[]
  aboveAt: Above['at']
  isBelowActivity: Above['isActivity']
  /** Who looks, as a `personTag` */
  person: string | null
}

export class ThreadBlock extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return differs(next, this.props)
  }

  override render(props: Props): JSX.Element {
    const { at, role, words, dates, conversation, otherName, activities, aboveAt, isBelowActivity, person, ...block } =
      props
    return (
      <div class="db-block">
        {withActivity(rowsOf(at, block, role), activities, { at: aboveAt, isActivity: isBelowActivity }).map((row) => {
          if (row.kind === 'activity')
            return <ActivityRow key={row.key} activity={row.activity} person={person} dates={dates} />
          if (row.kind === 'message')
            return (
              <Message
                key={row.key}
                {...row.entry}
                words={words}
                dates={dates}
                conversation={conversation}
                otherName={otherName}
                labelOwn
                online={block.connection === 'connected'}
              />
            )
          return (
            <div class={`db-divider db-${row.kind}`} key={row.key}>
              <span>{row.kind === 'day' ? dates.day(row.at) : words.newMessages}</span>
            </div>
          )
        })}
      </div>
    )
  }
}
