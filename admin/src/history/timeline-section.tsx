import '@mantine/core/styles/Timeline.css'
import { Button, Skeleton, Timeline } from '@mantine/core'
import type { ReactNode } from 'react'
import { EmptyList } from '../feedback/empty-list'
import { NotLoaded } from '../feedback/not-loaded'
import { Section } from '../shell/section'
import { words } from '../words'
import classes from './history-section.module.css'

type Loading = {
  isPending: boolean
  error: Error | null
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
}

type Props<Entry> = {
  history: Loading
  entries: Entry[] | undefined
  filters: ReactNode
  /** Takes the filters away; there is nothing to take away without it. */
  onClear: (() => void) | null
  empty: string
  idOf: (entry: Entry) => string
  titleOf: (entry: Entry) => string
  children: (entry: Entry) => ReactNode
}

/** A history, newest first, whatever it is about: one action is one entry. */
export function TimelineSection<Entry>(props: Props<Entry>) {
  const { history, entries, filters, onClear, empty, idOf, titleOf, children } = props
  return (
    <Section title={words.history.title}>
      {(entries?.length || onClear) && filters}
      <div className={classes.history}>
        {history.isPending && <Skeleton height={14} width='40%' />}
        {!entries && <NotLoaded error={history.error} />}
        {entries?.length === 0 && (
          <EmptyList title={onClear ? words.table.noMatch : empty} text=''>
            {onClear && (
              <Button variant='default' size='xs' onClick={onClear}>
                {words.historyFilters.clear}
              </Button>
            )}
          </EmptyList>
        )}
        {entries && entries.length > 0 && (
          <Timeline bulletSize={12} lineWidth={2} active={-1}>
            {entries.map((entry) => (
              <Timeline.Item key={idOf(entry)} title={titleOf(entry)}>
                {children(entry)}
              </Timeline.Item>
            ))}
          </Timeline>
        )}
        {history.hasNextPage && (
          <Button
            mt='md'
            variant='default'
            size='xs'
            loading={history.isFetchingNextPage}
            onClick={() => void history.fetchNextPage()}
          >
            {words.history.more}
          </Button>
        )}
      </div>
    </Section>
  )
}
