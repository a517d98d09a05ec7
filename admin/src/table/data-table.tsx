import { Checkbox, Skeleton, Table } from '@mantine/core'
import { type ColumnDef, flexRender, type RowSelectionState, useTable } from '@tanstack/react-table'
import { type MouseEvent, type ReactNode, useMemo } from 'react'
import { words } from '../words'
import { type Column, features } from './columns'
import classes from './data-table.module.css'
import { SortLink } from './sort-link'
import type { Change, View } from './view'

/** Which rows are checked, by id, on whatever page they are. */
export type Checks = {
  checked: RowSelectionState
  onCheck: (checked: RowSelectionState) => void
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

const nothing: never[] = []

export function DataTable<Row extends { id: string }>(props: Props<Row>) {
  const { label, columns, rows, view, onChange, busy, checks } = props
  const definitions = useMemo(
    () =>
      columns.map(({ id, label, cell, sorts = false, wide = false }): ColumnDef<typeof features, Row> => ({
        id,
        accessorFn: (row) => row.id,
        header: label,
        cell: ({ row }) => cell(row.original) as ReactNode,
        enableSorting: sorts,
        meta: { wide, label },
      })),
    [columns],
  )
  const table = useTable({
    features,
    columns: definitions,
    data: rows ?? (nothing as Row[]),
    getRowId: (row) => row.id,
    manualSorting: true,
    enableSortingRemoval: false,
    sortDescFirst: false,
    enableRowSelection: (row) => !checks?.isFixed?.(row.id),
    state: {
      sorting: [{ id: view.order.replace(/^-/, ''), desc: view.order.startsWith('-') }],
      rowSelection: checks?.checked ?? {},
    },
    onRowSelectionChange: (update) =>
      checks?.onCheck(typeof update === 'function' ? update(table.state.rowSelection) : update),
  })
  // The box in the heading speaks of this page alone, however many are checked elsewhere.
  const shown = table.getRowModel().rows.filter((row) => row.getCanSelect())
  return (
    <Table className={classes.table} highlightOnHover aria-label={label} aria-busy={busy} data-busy={busy || undefined}>
      <Table.Thead>
        {table.getHeaderGroups().map((group) => (
          <Table.Tr key={group.id}>
            {checks && (
              <Table.Th className={classes.check}>
                <Checkbox
                  size='xs'
                  aria-label={words.table.selectPage}
                  checked={shown.length > 0 && shown.every((row) => row.getIsSelected())}
                  indeterminate={new Set(shown.map((row) => row.getIsSelected())).size > 1}
                  onChange={(event) => table.toggleAllRowsSelected(event.currentTarget.checked)}
                  disabled={shown.length === 0}
                />
              </Table.Th>
            )}
            {group.headers.map(({ id, column }) => (
              <Table.Th
                key={id}
                data-wide={column.columnDef.meta?.wide || undefined}
                aria-sort={ariaSort(column.getIsSorted())}
              >
                {column.getCanSort() ? (
                  <SortLink
                    label={column.columnDef.meta?.label ?? id}
                    sorted={column.getIsSorted()}
                    order={(column.getNextSortingOrder() === 'desc' ? '-' : '') + column.id}
                    inAddress={view.inAddress}
                    onSort={(order) => onChange({ order })}
                  />
                ) : (
                  column.columnDef.meta?.label
                )}
              </Table.Th>
            ))}
          </Table.Tr>
        ))}
      </Table.Thead>
      <Table.Tbody>
        {rows === undefined && <SkeletonRows count={view.size / 2} columns={columns} checks={checks !== undefined} />}
        {table.getRowModel().rows.map((row) => {
          const fixed = checks?.isFixed?.(row.id) ?? false
          return (
            <Table.Tr
              key={row.id}
              className={classes.row}
              data-checked={row.getIsSelected() || undefined}
              onClick={followLink}
            >
              {checks && (
                <Table.Td className={classes.check}>
                  <Checkbox
                    size='xs'
                    aria-label={words.table.select(checks.nameOf(row.id))}
                    checked={fixed || row.getIsSelected()}
                    disabled={fixed}
                    onChange={row.getToggleSelectedHandler()}
                  />
                </Table.Td>
              )}
              {row.getAllCells().map((cell) => (
                <Table.Td key={cell.id} data-wide={cell.column.columnDef.meta?.wide || undefined}>
                  {flexRender(cell.column.columnDef.cell, cell.getContext())}
                </Table.Td>
              ))}
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </Table>
  )
}

function SkeletonRows<Row>({ count, columns, checks }: { count: number; columns: Column<Row>[]; checks: boolean }) {
  return Array.from({ length: count }, (_, row) => (
    <Table.Tr key={row}>
      {checks && <Table.Td className={classes.check} />}
      {columns.map(({ id, wide }) => (
        <Table.Td key={id} data-wide={wide || undefined}>
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

function ariaSort(sorted: false | 'asc' | 'desc') {
  if (!sorted) return undefined
  return sorted === 'asc' ? 'ascending' : 'descending'
}
