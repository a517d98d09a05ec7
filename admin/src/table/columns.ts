import type { ReactNode } from 'react'

/** A column of a list. */
export type Column<Row> = {
  /** The API's name of the order, if `sorts` is set. */
  id: string
  label: string
  cell: (row: Row) => ReactNode
  sorts?: boolean
  /** Hidden on narrow screens. */
  wide?: boolean
  /** Numbers are aligned at the end. Numbers and dates do not wrap. */
  kind?: 'number' | 'date'
}
