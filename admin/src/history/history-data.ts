import { infiniteQueryOptions } from '@tanstack/react-query'
import { api, body } from '../api/client'
import type { Change } from '../api/types'
import { groupKeys } from '../customer-groups/group-list-data'
import { type Metadata, parseValue } from '../metadata/value'
import type { Rule } from '../rules/rule'
import type { Done } from './done'
import { filterQuery, type HistoryFilter, noFilter } from './history-filter'

/** One action of somebody, whole. Metadata in it keeps its digits. */
export type Entry = Omit<Change, 'before' | 'after'> & Pick<Done, 'before' | 'after'>

export type HistoryPage = { changes: Entry[]; next_cursor: string | null }

export type GroupFilter = HistoryFilter<
  'created' | 'updated' | 'customers_added' | 'customers_removed' | 'terms_changed'
>

const entriesShown = 20

export const historyQuery = (groupId: string, filter: GroupFilter = noFilter) =>
  infiniteQueryOptions({
    queryKey: [...groupKeys.history(groupId), filter],
    queryFn: ({ pageParam, signal }) => readHistory(groupId, entriesShown, pageParam, signal, filter),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })

/** The entries of some pages. A very large action goes on from page to page under one id; here it is one again. */
export function entriesOf(pages: HistoryPage[]): Entry[] {
  const entries = new Map<string, Entry>()
  for (const entry of pages.flatMap((page) => page.changes)) {
    const known = entries.get(entry.action_id)
    entries.set(entry.action_id, known ? together(known, entry) : entry)
  }
  return [...entries.values()]
}

const together = (one: Entry, other: Entry): Entry => ({
  ...one,
  type: one.type === other.type ? one.type : 'customers_changed',
  added: [...one.added, ...other.added],
  removed: [...one.removed, ...other.removed],
  terms: [...one.terms, ...other.terms],
})

export async function readHistory(
  id: string,
  limit: number,
  cursor: string,
  signal: AbortSignal,
  filter: GroupFilter = noFilter,
): Promise<HistoryPage> {
  const asked = { limit, group_by: 'action' as const, actor_names: true, ...filterQuery(filter) }
  const query = { ...asked, ...(cursor && { cursor }) }
  const text = await body(
    api.GET('/admin/customer-groups/{id}/history', { params: { path: { id }, query }, parseAs: 'text', signal }),
  )
  const plain = JSON.parse(text) as HistoryPage
  const exact = parseValue(text) as { changes: Pick<Entry, 'before' | 'after'>[] }
  const changes = plain.changes.map((change, index) => ({
    ...change,
    before: withExact(change.before, exact.changes[index]?.before),
    after: withExact(change.after, exact.changes[index]?.after),
  }))
  return { ...plain, changes }
}

const withExact = (values: Done['before'], exact: Done['before']): Done['before'] =>
  values &&
  exact && {
    ...values,
    ...('metadata' in exact && { metadata: exact.metadata as Metadata | null }),
    ...('rule' in exact && { rule: exact.rule as Rule | null }),
  }
