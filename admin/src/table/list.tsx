import { Button, EmptyState, Group } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { ApiError, isTemporary } from '../api/errors'
import type { Page } from '../api/types'
import { NotLoaded } from '../feedback/not-loaded'
import { words } from '../words'
import type { Column } from './columns'
import type { Checks } from './checks'
import { ColumnsMenu } from './columns-menu'
import { DataTable } from './data-table'
import type { FilterName } from './choices'
import { Filters } from './filters'
import classes from './list.module.css'
import { Paging } from './paging'
import { SearchBox } from './search-box'
import { SortMenu } from './sort-menu'
import { SavedViews } from './saved-views'
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
  /** The columns that can be hidden. */
  optional?: readonly string[] | undefined
  /** Whether the list is a page of its own, whose views can be saved. */
  keepsViews?: boolean
  checks?: Checks
  /** Whether the search box has the initial focus, as in windows. */
  searchFirst?: boolean
  aboveTable?: ReactNode
  /** Shown if there are no records, with what to do. */
  empty: ReactNode
}

/** The list component: search, filters, order, table, pages. */
export function List<Row extends { id: string }, Answer extends Page>(props: Props<Row, Answer>) {
  const {
    label,
    searchLabel,
    columns,
    optional = [],
    keepsViews = false,
    answer,
    rowsOf,
    view,
    onChange,
    filters,
    checks,
    empty,
    searchFirst,
    aboveTable,
  } = props
  const { data, error, isPlaceholderData } = answer
  const rows = data && rowsOf(data)
  const nothing = rows?.length === 0
  // The last page has become empty, or the address is outdated.
  const last = data && Math.max(1, pageCount(data.count, view.size))
  const isBeyond = nothing && !isPlaceholderData && last !== undefined && view.page > last && view.cursor === null
  // A cursor is only valid for its query, and "the last 7 days" is a different query tomorrow.
  const isCursorOld = view.cursor !== null && error instanceof ApiError && 'cursor' in error.fields
  useEffect(() => {
    if (isCursorOld) onChange({ page: 1 }, true)
  }, [isCursorOld, onChange])
  // A search in a long list can return a page without matches. The next page may have some.
  const goesOn = Boolean(data?.next_cursor)
  useEffect(() => {
    if (isBeyond) onChange({ page: last }, true)
  }, [isBeyond, last, onChange])
  if (nothing && !goesOn && !isNarrowed(view) && view.page === 1 && !isPlaceholderData) return empty
  return (
    <>
      <Group className={classes.toolbar} justify='space-between' gap='xs'>
        <Filters names={filters} view={view} onChange={onChange} />
        <Group gap='xs' className={classes.search}>
          <SearchBox label={searchLabel} first={searchFirst} q={view.q} onSearch={(q) => onChange({ q })} />
          <SortMenu columns={columns} view={view} onChange={onChange} />
          {optional.length > 0 && <ColumnsMenu columns={columns} optional={optional} view={view} onChange={onChange} />}
          {keepsViews && <SavedViews />}
        </Group>
      </Group>
      {error && (!data || !isTemporary(error)) && (
        <div className={classes.problem}>
          <NotLoaded error={error} />
        </div>
      )}
      {!nothing && aboveTable}
      {!(error && !data) && !nothing && (
        <DataTable
          label={label}
          columns={columns.filter(({ id }) => !view.hidden.includes(id))}
          rows={rows}
          view={view}
          onChange={onChange}
          busy={isPlaceholderData || !data}
          checks={checks}
        />
      )}
      {nothing && (
        <EmptyState
          className={classes.nothing}
          title={goesOn ? words.table.noMatchYet : words.table.noMatch}
          description={goesOn ? words.table.noMatchYetText : words.table.noMatchText}
        >
          <Button
            mt='sm'
            variant='default'
            onClick={() => onChange({ q: '', created: null, updated: null, account: null, membership: null })}
          >
            {words.table.clear}
          </Button>
        </EmptyState>
      )}
      {data && <Paging answer={data} shown={rows?.length ?? 0} view={view} onChange={onChange} />}
    </>
  )
}
