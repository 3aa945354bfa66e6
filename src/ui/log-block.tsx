// Some messages of the log, with the dividers between them.
import { Component } from 'preact'
import type { VNode } from 'preact'
import type { SenderType } from '../protocol/types.ts'
import { rowsOf, type Block } from './blocks.ts'
import { differs } from './differs.ts'
import { Message, type MessageProps } from './message.tsx'

export interface LogBlockProps
  extends Block, Pick<MessageProps, 'words' | 'dates' | 'conversation' | 'otherName' | 'labelOwn'> {
  /** Which block */
  at: number
  role: SenderType
}

export class LogBlock extends Component<LogBlockProps> {
  override shouldComponentUpdate(next: LogBlockProps): boolean {
    return differs(next, this.props)
  }

  override render({ at, role, words, dates, conversation, otherName, labelOwn, ...block }: LogBlockProps): VNode {
    return (
      <div class="db-block">
        {rowsOf(at, block, role).map((row) =>
          row.kind === 'message' ? (
            <Message
              key={row.key}
              {...row.entry}
              words={words}
              dates={dates}
              conversation={conversation}
              otherName={otherName}
              labelOwn={labelOwn}
              online={block.connection === 'connected'}
            />
          ) : (
            <div class={`db-divider db-${row.kind}`} key={row.key}>
              <span>{row.kind === 'day' ? dates.day(row.at) : words.newMessages}</span>
            </div>
          ),
        )}
      </div>
    )
  }
}
