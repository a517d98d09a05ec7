import type { ReactNode } from 'react'

/** A column of a list. */
export type Column<Row> = {
  /** What the API sorts by, where `sorts` is set. */
  id: string
  label: string
  cell: (row: Row) => ReactNode
  sorts?: boolean
  /** Left out where the screen is narrow. */
  wide?: boolean
}
