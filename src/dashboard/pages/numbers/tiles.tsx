import type { JSX } from 'preact'
import type { Numbers } from '../../../protocol/numbers.ts'
import { numbers as words } from '../../locales/numbers.en.ts'
import { timesIn, type Times } from './times.ts'

/** What all days come to */
export function Tiles({ of, times }: { of: Numbers; times: Times }): JSX.Element {
  const { median, p90, lastMedian, lastP90 } = timesIn(of, times)
  const sum = (name: 'chats' | 'user_messages' | 'staff_messages'): number =>
    of.days.reduce((total, day) => total + day[name], 0)
  const [chats, messages] = [sum('chats'), sum('user_messages') + sum('staff_messages')]
  return (
    <dl class="tiles">
      <Tile name={words.unread} value={words.unreadCount(of.unread_chats)} />
      <Tile name={words.chats} value={words.count(chats)} />
      <Tile name={words.messages} value={words.count(messages)} />
      <Tile name={words.archived} value={words.count(of.archived)} />
      <Tile
        name={of.rating === null ? words.rating : words.meanOf(of.ratings)}
        value={of.rating === null ? null : words.mean(of.rating)}
        none={words.noRatings}
      />
      <Tile name={words.median} value={timeOf(median)} />
      <Tile name={words.p90} value={timeOf(p90)} />
      <Tile name={words.lastMedian} value={timeOf(lastMedian)} />
      <Tile name={words.lastP90} value={timeOf(lastP90)} />
    </dl>
  )
}

const timeOf = (seconds: number | null): string | null => (seconds === null ? null : words.duration(seconds))

interface TileProps {
  name: string
  /** Null: there is none */
  value: string | null
  none?: string
}

function Tile({ name, value, none = words.noReplies }: TileProps): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={value === null ? 'is-none' : undefined}>{value ?? none}</dd>
    </div>
  )
}
