// The numbers by colleague, and by tag.
import type { ComponentChildren, JSX } from 'preact'
import type { ColleagueNumbers, ReplyTimes, TagNumbers } from '../../../protocol/numbers.ts'
import { numbers as words } from '../../locales/numbers.en.ts'
import { TagChip } from '../../views/tag-chip.tsx'
import { timesIn, type Times } from './times.ts'

interface Props<Row> {
  of: readonly Row[]
  times: Times
}

export const ColleagueTable = ({ of, times }: Props<ColleagueNumbers>): JSX.Element => (
  <Table
    title={words.colleagues}
    names={[words.colleague, words.messages, words.median, words.p90, words.archived, words.lastMedian, words.rating]}
  >
    {of.map((one) => {
      const { median, p90, lastMedian } = timesIn(one, times)
      return (
        <tr key={one.id}>
          <th scope="row">
            <bdi>{one.name ?? words.unnamed}</bdi>
          </th>
          <td>{words.count(one.messages)}</td>
          <td>{timeOf(median)}</td>
          <td>{timeOf(p90)}</td>
          <td>{words.count(one.archived)}</td>
          <td>{timeOf(lastMedian)}</td>
          <td>{ratingOf(one)}</td>
        </tr>
      )
    })}
  </Table>
)

export const TagTable = ({ of, times }: Props<TagNumbers>): JSX.Element => (
  <Table
    title={words.tags}
    names={[words.tag, words.archived, words.median, words.p90, words.lastMedian, words.rating]}
  >
    {of.map((one) => {
      const { median, p90, lastMedian } = timesIn(one, times)
      return (
        <tr key={one.tag}>
          <th scope="row">
            <TagChip tag={one.tag} />
          </th>
          <td>{words.count(one.archived)}</td>
          <td>{timeOf(median)}</td>
          <td>{timeOf(p90)}</td>
          <td>{timeOf(lastMedian)}</td>
          <td>{ratingOf(one)}</td>
        </tr>
      )
    })}
  </Table>
)

interface TableProps {
  title: string
  names: readonly string[]
  children: ComponentChildren
}

/** Scrolls by itself where it is too wide, by keyboard too */
const Table = ({ title, names, children }: TableProps): JSX.Element => (
  <div class="table-box" role="group" aria-label={title} tabIndex={0}>
    <table>
      <thead>
        <tr>
          {names.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
)

const timeOf = (seconds: number | null): string => (seconds === null ? words.none : words.duration(seconds))

const ratingOf = ({ rating, ratings }: ReplyTimes): string =>
  rating === null ? words.none : words.meanWithCount(rating, ratings)
