import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { mayEdit } from '../session/person'
import { usePerson } from '../session/use-person'
import { words } from '../words'
import { changeText } from './change-text'
import { entriesOf, type GroupFilter, historyQuery } from './history-data'
import { HistoryEntry } from './history-entry'
import { isFiltered, noFilter } from './history-filter'
import { HistoryFilters } from './history-filters'
import { TimelineSection } from './timeline-section'

const kinds = {
  created: words.history.created,
  updated: words.history.updated,
  customers_added: words.historyFilters.added,
  customers_removed: words.historyFilters.removed,
  terms_changed: words.historyFilters.terms,
}

/** What happened to the group, newest first: one action is one entry. */
export default function HistorySection({ groupId }: { groupId: string }) {
  const person = usePerson()
  const [filter, setFilter] = useState<GroupFilter>(noFilter)
  const all = useInfiniteQuery(historyQuery(groupId))
  const some = useInfiniteQuery({ ...historyQuery(groupId, filter), enabled: isFiltered(filter) })
  const history = isFiltered(filter) ? some : all
  const everybody = all.data?.pages.flatMap((page) => page.changes) ?? []
  return (
    <TimelineSection
      history={history}
      entries={history.data && entriesOf(history.data.pages)}
      filters={<HistoryFilters kinds={kinds} entries={everybody} filter={filter} onChange={setFilter} />}
      onClear={isFiltered(filter) ? () => setFilter(noFilter) : null}
      empty={words.history.empty}
      idOf={({ action_id }) => action_id}
      titleOf={changeText}
    >
      {(entry) => (
        <HistoryEntry
          groupId={groupId}
          entry={entry}
          actor={entry.actor === person.id ? words.history.you : (entry.actor_name ?? entry.actor)}
          mayUndo={mayEdit(person)}
        />
      )}
    </TimelineSection>
  )
}
