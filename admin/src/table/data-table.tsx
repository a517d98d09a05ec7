import { Checkbox, Skeleton, Table } from '@mantine/core'
import type { MouseEvent } from 'react'
import { words } from '../words'
import type { Column } from './columns'
import classes from './data-table.module.css'
import { SortLink } from './sort-link'
import type { Change, View } from './view'

/** Which rows are checked, by id, on whatever page they are. */
export type Checks = {
  checked: string[]
  onCheck: (checked: string[]) => void
  nameOf: (id: string) => string
  /** Rows that cannot be checked, because they are already in. */
  isFixed?: (id: string) => boolean
}

type Props<Row> = {
  label: string
  columns: Column<Row>[]
  /** Undefined while the first page loads. */
  rows: Row[] | undefined
  view: View
  onChange: (change: Change) => void
  /** Another page is on its way. */
  busy: boolean
  checks?: Checks | undefined
}

export function DataTable<Row extends { id: string }>(props: Props<Row>) {
  const { label, columns, rows, view, onChange, busy, checks } = props
  return (
    <Table className={classes.table} highlightOnHover aria-label={label} aria-busy={busy} data-busy={busy || undefined}>
      <Table.Thead>
        <Table.Tr>
          {checks && <PageCheck rows={rows ?? []} checks={checks} />}
          {columns.map((column) => (
            <Table.Th key={column.id} data-wide={column.wide} aria-sort={ariaSort(column.id, view.order)}>
              {column.sorts ? <SortLink column={column} view={view} onChange={onChange} /> : column.label}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows === undefined && <SkeletonRows count={view.size / 2} columns={columns} checks={checks !== undefined} />}
        {rows?.map((row) => (
          <Table.Tr
            key={row.id}
            className={classes.row}
            data-checked={checks?.checked.includes(row.id) || undefined}
            onClick={followLink}
          >
            {checks && <RowCheck id={row.id} checks={checks} />}
            {columns.map(({ id, wide, cell }) => (
              <Table.Td key={id} data-wide={wide}>
                {cell(row)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

/** The box in the heading speaks of this page alone, however many are checked elsewhere. */
function PageCheck({ rows, checks }: { rows: { id: string }[]; checks: Checks }) {
  const { checked, onCheck, isFixed } = checks
  const ids = rows.map(({ id }) => id).filter((id) => !isFixed?.(id))
  const here = ids.filter((id) => checked.includes(id))
  const elsewhere = checked.filter((id) => !ids.includes(id))
  return (
    <Table.Th className={classes.check}>
      <Checkbox
        size='xs'
        aria-label={words.table.selectPage}
        checked={here.length > 0 && here.length === ids.length}
        indeterminate={here.length > 0 && here.length < ids.length}
        disabled={ids.length === 0}
        onChange={(event) => onCheck(event.currentTarget.checked ? [...elsewhere, ...ids] : elsewhere)}
      />
    </Table.Th>
  )
}

function RowCheck({ id, checks }: { id: string; checks: Checks }) {
  const { checked, onCheck, nameOf, isFixed } = checks
  const fixed = isFixed?.(id) ?? false
  const others = checked.filter((other) => other !== id)
  return (
    <Table.Td className={classes.check}>
      <Checkbox
        size='xs'
        aria-label={words.table.select(nameOf(id))}
        checked={fixed || checked.includes(id)}
        disabled={fixed}
        onChange={(event) => onCheck(event.currentTarget.checked ? [...others, id] : others)}
      />
    </Table.Td>
  )
}

function SkeletonRows<Row>({ count, columns, checks }: { count: number; columns: Column<Row>[]; checks: boolean }) {
  return Array.from({ length: count }, (_, row) => (
    <Table.Tr key={row}>
      {checks && <Table.Td className={classes.check} />}
      {columns.map(({ id, wide }) => (
        <Table.Td key={id} data-wide={wide}>
          <Skeleton height={12} my={5} width='60%' />
        </Table.Td>
      ))}
    </Table.Tr>
  ))
}

/** A click anywhere in a row follows its link. The keyboard has the link itself. */
function followLink({ target, currentTarget }: MouseEvent<HTMLElement>) {
  const isMeantOtherwise = target instanceof Element && target.closest('a, button, label, input')
  const isSelectingText = window.getSelection()?.isCollapsed === false
  if (isMeantOtherwise || isSelectingText) return
  currentTarget.querySelector<HTMLAnchorElement>('a[data-row]')?.click()
}

function ariaSort(column: string, order: string) {
  if (order === column) return 'ascending'
  return order === `-${column}` ? 'descending' : undefined
}
