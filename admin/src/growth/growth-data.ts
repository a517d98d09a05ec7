import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { CustomerGroup } from '../api/types'
import { groupKeys } from '../customer-groups/group-list-data'
import { type Entry, entriesOf, historyQuery, readHistory } from '../history/history-data'
import { type Day, firstDay, growthOf } from './growth'

/** If more has happened in a group than these calls return, its chart begins where they end. */
const mostCalls = 5
const entriesACall = 200

/** The last 90 days of a group. More is read only if the history that the page has loaded is not long enough. */
export function useGrowth(group: CustomerGroup, wanted: boolean): { days: Day[]; isWhole: boolean } | null {
  const now = new Date()
  const first = firstDay(now, group.created_at)
  const shown = useInfiniteQuery({ ...historyQuery(group.id), enabled: wanted })
  const entries = shown.data && entriesOf(shown.data.pages)
  const isEnough = entries !== undefined && (!shown.hasNextPage || reaches(entries, first))
  const more = useQuery({
    queryKey: [...groupKeys.history(group.id), 'growth', first.toISOString()],
    queryFn: ({ signal }) => readSince(group.id, first, signal),
    enabled: wanted && entries !== undefined && !isEnough,
  })
  if (isEnough) return { days: growthOf(entries, group.customer_count, first, now), isWhole: true }
  if (!more.data) return null
  const { entries: read, isWhole } = more.data
  const from = isWhole ? first : firstDay(now, read.at(-1)?.at)
  return { days: growthOf(read, group.customer_count, from, now), isWhole }
}

async function readSince(id: string, first: Date, signal: AbortSignal) {
  const pages = []
  let cursor: string | null = ''
  for (let calls = 0; calls < mostCalls && cursor !== null; calls += 1) {
    const page = await readHistory(id, entriesACall, cursor, signal)
    pages.push(page)
    if (reaches(page.changes, first)) return { entries: entriesOf(pages), isWhole: true }
    cursor = page.next_cursor
  }
  return { entries: entriesOf(pages), isWhole: cursor === null }
}

const reaches = (entries: Entry[], first: Date) => new Date(entries.at(-1)?.at ?? 0) < first
