import { Checkbox, Skeleton } from '@mantine/core'
import { type MouseEvent, useEffect, useRef } from 'react'
import { words } from '../words'
import { type Checks, useCheck } from './checks'
import type { Column } from './columns'
import classes from './data-table.module.css'
import table from './table.module.css'
import { SortLink } from './sort-link'
import type { Change, View } from './view'

type Props<Row> = {
  label: string
  columns: Column<Row>[]
  /** Undefined while the first page loads. */
  rows: Row[] | undefined
  view: View
  onChange: (change: Change) => void
  /** Whether another page is loading. */
  busy: boolean
  checks?: Checks | undefined
}

export function DataTable<Row extends { id: string }>(props: Props<Row>) {
  const { label, columns, rows, view, onChange, busy, checks } = props
  const check = useCheck(rows, checks)
  const place = usePageTop(view.page)
  return (
    <table
      ref={place}
      className={`${table.table} ${classes.table}`}
      aria-label={label}
      aria-busy={busy}
      data-busy={busy || undefined}
      data-skeleton={rows === undefined || undefined}
    >
      <thead>
        <tr>
          {checks && <PageCheck rows={rows ?? []} checks={checks} />}
          {columns.map((column) => (
            <th
              key={column.id}
              data-wide={column.wide}
              data-kind={column.kind}
              aria-sort={ariaSort(column.id, view.order)}
            >
              {column.sorts ? <SortLink column={column} view={view} onChange={onChange} /> : column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows === undefined && <SkeletonRows count={view.size / 2} columns={columns} checks={checks !== undefined} />}
        {rows?.map((row) => (
          <tr
            key={row.id}
            className={classes.row}
            data-checked={checks?.checked.includes(row.id) || undefined}
            data-picks={(checks && !checks.isFixed?.(row.id)) || undefined}
            // Shift would also select the text between.
            onMouseDown={(event) => checks && event.shiftKey && event.preventDefault()}
            onClick={(event) => clickRow(event, () => check(row.id, event.shiftKey))}
            onAuxClick={(event) => event.button === middle && openBeside(event)}
          >
            {checks && <RowCheck id={row.id} checks={checks} onCheck={check} />}
            {columns.map(({ id, wide, kind, cell }) => (
              <td key={id} data-wide={wide} data-kind={kind}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Scrolls a new page to its top. */
function usePageTop(page: number) {
  const place = useRef<HTMLTableElement>(null)
  const shown = useRef(page)
  useEffect(() => {
    if (shown.current === page) return
    shown.current = page
    if ((place.current?.getBoundingClientRect().top ?? 0) < 0) place.current?.scrollIntoView({ block: 'start' })
  }, [page])
  return place
}

/** The box in the heading only applies to this page. */
function PageCheck({ rows, checks }: { rows: { id: string }[]; checks: Checks }) {
  const { checked, onCheck, isFixed } = checks
  const ids = rows.map(({ id }) => id).filter((id) => !isFixed?.(id))
  const here = ids.filter((id) => checked.includes(id))
  const elsewhere = checked.filter((id) => !ids.includes(id))
  return (
    <th className={classes.check}>
      <Checkbox
        size='xs'
        aria-label={words.table.selectPage}
        checked={here.length > 0 && here.length === ids.length}
        indeterminate={here.length > 0 && here.length < ids.length}
        disabled={ids.length === 0}
        onChange={(event) => onCheck(event.currentTarget.checked ? [...elsewhere, ...ids] : elsewhere)}
      />
    </th>
  )
}

type RowCheckProps = { id: string; checks: Checks; onCheck: (id: string, toHere: boolean) => void }

function RowCheck({ id, checks, onCheck }: RowCheckProps) {
  const { checked, nameOf, isFixed } = checks
  const fixed = isFixed?.(id) ?? false
  return (
    <td className={classes.check}>
      <Checkbox
        size='xs'
        aria-label={words.table.select(nameOf(id))}
        checked={fixed || checked.includes(id)}
        disabled={fixed}
        onChange={({ nativeEvent }) => onCheck(id, 'shiftKey' in nativeEvent && nativeEvent.shiftKey === true)}
      />
    </td>
  )
}

function SkeletonRows<Row>({ count, columns, checks }: { count: number; columns: Column<Row>[]; checks: boolean }) {
  return Array.from({ length: count }, (_, row) => (
    <tr key={row}>
      {checks && <td className={classes.check} />}
      {columns.map(({ id, wide, kind }) => (
        <td key={id} data-wide={wide} data-kind={kind}>
          <Skeleton height={12} my={5} width='60%' />
        </td>
      ))}
    </tr>
  ))
}

/** A click anywhere in a row follows its link, or selects the row. With the keyboard, use the link or the box. */
function clickRow(event: MouseEvent<HTMLElement>, pick: () => void) {
  const { currentTarget, shiftKey } = event
  const isSelectingText = window.getSelection()?.isCollapsed === false && !shiftKey
  if (isMeantOtherwise(event) || isSelectingText) return
  const link = linkOf(currentTarget)
  if (link && (event.ctrlKey || event.metaKey)) openBeside(event)
  else if (link) link.click()
  else if (currentTarget.dataset.picks) pick()
}

const middle = 1

/** Like the browser's behaviour for links, for the whole row. */
function openBeside(event: MouseEvent<HTMLElement>) {
  const link = linkOf(event.currentTarget)
  if (link && !isMeantOtherwise(event)) window.open(link.href, '_blank', 'noopener')
}

const linkOf = (row: HTMLElement) => row.querySelector<HTMLAnchorElement>('a[data-row]')

const isMeantOtherwise = ({ target }: MouseEvent) =>
  target instanceof Element && target.closest('a, button, label, input') !== null

function ariaSort(column: string, order: string) {
  if (order === column) return 'ascending'
  return order === `-${column}` ? 'descending' : undefined
}
