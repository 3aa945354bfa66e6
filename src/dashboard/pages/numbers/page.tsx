// How much was written, how long people waited, and how they rated the help.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Numbers } from '../../../protocol/numbers.ts'
import { numbers as words } from '../../locales/numbers.en.ts'
import { useDashboard } from '../../views/context.ts'
import { Part } from '../parts.tsx'
import { Bars } from './bars.tsx'
import { Choice } from './choice.tsx'
import { colleaguesCsv, daysCsv, tagsCsv } from './csv.ts'
import { Download } from './download.tsx'
import { ColleagueTable, TagTable } from './tables.tsx'
import { Tiles } from './tiles.tsx'
import { hasHours, type Times } from './times.ts'

const RANGES = [7, 30, 90]
const TIMES: Times[] = ['all', 'open']

type Loaded = Numbers | 'loading' | 'failed'

export function NumbersPage(): JSX.Element {
  const { api } = useDashboard()
  const [days, setDays] = useState(30)
  const [loaded, setLoaded] = useState<Loaded>('loading')
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let isOver = false
    // What is shown stays until the answer is there
    setLoaded((now) => (now === 'failed' ? 'loading' : now))
    api.adminNumbers(days).then(
      (numbers) => !isOver && setLoaded(numbers),
      () => !isOver && setLoaded('failed'),
    )
    return () => {
      isOver = true
    }
  }, [days, attempt])
  return (
    <section class="page-part numbers">
      <Choice label={words.rangeLabel} of={RANGES} chosen={days} name={words.lastDays} choose={setDays} />
      {loaded === 'loading' && <p role="status">{words.loading}</p>}
      {loaded === 'failed' && (
        <p role="alert">
          {words.failed}{' '}
          <button class="link" type="button" onClick={() => setAttempt(attempt + 1)}>
            {words.retry}
          </button>
        </p>
      )}
      {typeof loaded === 'object' && <Shown numbers={loaded} />}
    </section>
  )
}

function Shown({ numbers }: { numbers: Numbers }): JSX.Element {
  const { days, colleagues, tags } = numbers
  const [chosen, setChosen] = useState<Times>('all')
  const times = hasHours(numbers) ? chosen : 'all'
  const [from, to] = [days[0]?.day ?? '', days.at(-1)?.day ?? '']
  const isEmpty = days.every((day) => day.user_messages + day.staff_messages === 0)
  return (
    <>
      {hasHours(numbers) && (
        <Choice
          label={words.timesLabel}
          of={TIMES}
          chosen={chosen}
          name={(one) => words.times[one]}
          choose={setChosen}
        />
      )}
      <Tiles of={numbers} times={times} />
      <Part title={words.perDay}>
        {isEmpty ? <p>{words.empty}</p> : <Bars days={days} />}
        <Download csv={() => daysCsv(days)} label={words.download} name={words.fileName(from, to)} />
      </Part>
      <Part title={words.colleagues}>
        {colleagues.length === 0 ? (
          <p>{words.nobody}</p>
        ) : (
          <>
            <ColleagueTable of={colleagues} times={times} />
            <Download
              csv={() => colleaguesCsv(colleagues)}
              label={words.downloadColleagues}
              name={words.colleaguesFileName(from, to)}
            />
          </>
        )}
      </Part>
      {tags.length > 0 && (
        <Part title={words.tags}>
          <TagTable of={tags} times={times} />
          <Download csv={() => tagsCsv(tags)} label={words.downloadTags} name={words.tagsFileName(from, to)} />
        </Part>
      )}
      <p class="numbers-hint">{words.hint}</p>
    </>
  )
}
