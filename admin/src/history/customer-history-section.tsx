import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { usePerson } from '../session/use-person'
import { words } from '../words'
import { type CustomerFilter, customerHistoryQuery } from './customer-history-data'
import { CustomerHistoryEntry } from './customer-history-entry'
import { isFiltered, noFilter } from './history-filter'
import { HistoryFilters } from './history-filters'
import { TimelineSection } from './timeline-section'

const { created, updated, joined, left, terms_changed } = words.customerHistory.types
const kinds = { created, updated, joined, left, terms_changed }

/** What happened to a customer, newest first: changes of the profile, and which groups they joined and left. */
export function CustomerHistorySection({ customerId }: { customerId: string }) {
  const person = usePerson()
  const [filter, setFilter] = useState<CustomerFilter>(noFilter)
  const all = useInfiniteQuery(customerHistoryQuery(customerId))
  const some = useInfiniteQuery({ ...customerHistoryQuery(customerId, filter), enabled: isFiltered(filter) })
  const history = isFiltered(filter) ? some : all
  const everybody = all.data?.pages.flatMap((page) => page.changes) ?? []
  return (
    <TimelineSection
      history={history}
      entries={history.data?.pages.flatMap((page) => page.changes)}
      filters={<HistoryFilters kinds={kinds} entries={everybody} filter={filter} onChange={setFilter} />}
      onClear={isFiltered(filter) ? () => setFilter(noFilter) : null}
      empty={words.customerHistory.empty}
      idOf={({ id }) => id}
      titleOf={({ type }) => words.customerHistory.types[type]}
    >
      {(entry) => (
        <CustomerHistoryEntry
          entry={entry}
          actor={entry.actor === person.id ? words.history.you : (entry.actor_name ?? entry.actor)}
        />
      )}
    </TimelineSection>
  )
}
