import { expect, it } from 'vitest'
import { colleaguesCsv, daysCsv, tagsCsv } from './csv.ts'

const times = {
  replies: 0,
  median_s: null,
  p90_s: null,
  open_median_s: null,
  open_p90_s: null,
  archived: 0,
  last_median_s: null,
  last_p90_s: null,
  open_last_median_s: null,
  open_last_p90_s: null,
  ratings: 0,
  rating: null,
}
const NAMES =
  'replies,median_s,p90_s,open_median_s,open_p90_s,archived,last_median_s,last_p90_s,open_last_median_s,open_last_p90_s,ratings,rating'

it('has one line for each day, and nothing for what is unknown', () => {
  const day = { ...times, chats: 2, user_messages: 1_234, staff_messages: 4 }
  const days = [
    { ...day, day: '2026-03-01' },
    { ...day, day: '2026-03-02', replies: 3, median_s: 60, p90_s: 300, archived: 1, ratings: 2, rating: 4.5 },
  ]
  expect(daysCsv(days).split('\r\n')).toEqual([
    `day,chats,user_messages,staff_messages,${NAMES}`,
    '2026-03-01,2,1234,4,0,,,,,0,,,,,0,',
    '2026-03-02,2,1234,4,3,60,300,,,1,,,,,2,4.5',
    '',
  ])
})

it('quotes names and tags, and lets none of them be a formula', () => {
  const zeros = '0,,,,,0,,,,,0,'
  const colleague = { ...times, id: 'kim', messages: 1 }
  expect(
    colleaguesCsv([
      { ...colleague, name: 'Kim "K", Jr.' },
      { ...colleague, name: '=HYPERLINK("x")' },
      { ...colleague, name: null },
    ]).split('\r\n'),
  ).toEqual([
    `id,name,messages,${NAMES}`,
    `kim,"Kim ""K"", Jr.",1,${zeros}`,
    `kim,"'=HYPERLINK(""x"")",1,${zeros}`,
    `kim,,1,${zeros}`,
    '',
  ])
  expect(tagsCsv([{ ...times, tag: '-1+1' }])).toBe(`tag,${NAMES}\r\n'-1+1,${zeros}\r\n`)
})
