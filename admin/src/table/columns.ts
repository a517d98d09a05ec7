import { rowSelectionFeature, rowSortingFeature, tableFeatures } from '@tanstack/react-table'
import type { ReactNode } from 'react'

export const features = tableFeatures({
  rowSelectionFeature,
  rowSortingFeature,
  columnMeta: {} as { wide?: boolean; label: string },
})

/** A column as a page describes it. */
export type Column<Row> = {
  /** What the API sorts by, where `sorts` is set. */
  id: string
  label: string
  cell: (row: Row) => ReactNode
  sorts?: boolean
  /** Left out where the screen is narrow. */
  wide?: boolean
}
