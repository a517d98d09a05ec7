import { Button, EmptyState, Group } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import type { Page } from '../api/types'
import { Problem } from '../feedback/problem'
import { words } from '../words'
import type { Column } from './columns'
import { type Checks, DataTable } from './data-table'
import { type FilterName, Filters } from './filters'
import classes from './list.module.css'
import { Paging } from './paging'
import { SearchBox } from './search-box'
import { SortMenu } from './sort-menu'
import { type ChangeView, isNarrowed, pageCount, type View } from './view'

type Props<Row, Answer extends Page> = {
  label: string
  searchLabel: string
  columns: Column<Row>[]
  answer: UseQueryResult<Answer>
  rowsOf: (answer: Answer) => Row[]
  view: View
  onChange: ChangeView
  filters: readonly FilterName[]
  checks?: Checks
  /** Shown where there is nothing at all; says what to do. */
  empty: ReactNode
}

/** The one list of this app: search, filters, order, table, pages. */
export function List<Row extends { id: string }, Answer extends Page>(props: Props<Row, Answer>) {
  const { label, searchLabel, columns, answer, rowsOf, view, onChange, filters, checks, empty } = props
  const { data, error, isPlaceholderData, refetch } = answer
  const rows = data && rowsOf(data)
  const nothing = rows?.length === 0
  // The last page was emptied, or the address is of a time when there was more.
  const last = data && Math.max(1, pageCount(data.count, view.size))
  const isBeyond = nothing && !isPlaceholderData && last !== undefined && view.page > last
  useEffect(() => {
    if (isBeyond) onChange({ page: last }, true)
  }, [isBeyond, last, onChange])
  if (nothing && !isNarrowed(view) && view.page === 1 && !isPlaceholderData) return empty
  return (
    <>
      <Group className={classes.toolbar} justify='space-between' gap='xs'>
        <Filters names={filters} view={view} onChange={onChange} />
        <Group gap='xs' className={classes.search}>
          <SearchBox label={searchLabel} q={view.q} onSearch={(q) => onChange({ q })} />
          <SortMenu columns={columns} view={view} onChange={onChange} />
        </Group>
      </Group>
      {error && (
        <div className={classes.problem}>
          <Problem error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {!(error && !data) && !nothing && (
        <DataTable
          label={label}
          columns={columns}
          rows={rows}
          view={view}
          onChange={onChange}
          busy={isPlaceholderData || !data}
          checks={checks}
        />
      )}
      {nothing && (
        <EmptyState className={classes.nothing} title={words.table.noMatch} description={words.table.noMatchText}>
          <Button
            mt='sm'
            variant='default'
            onClick={() => onChange({ q: '', created: null, updated: null, account: null })}
          >
            {words.table.clear}
          </Button>
        </EmptyState>
      )}
      {data && <Paging answer={data} shown={rows?.length ?? 0} view={view} onPage={(page) => onChange({ page })} />}
    </>
  )
}
