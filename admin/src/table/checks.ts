import { useRef } from 'react'

/** The ids of the selected rows, on all pages. */
export type Checks = {
  checked: string[]
  onCheck: (checked: string[]) => void
  nameOf: (id: string) => string
  /** Rows that cannot be selected, because they are already included. */
  isFixed?: (id: string) => boolean
}

/** Selects or deselects a row; with Shift, all rows from the last one to this one. */
export function useCheck(rows: { id: string }[] | undefined, checks: Checks | undefined) {
  const last = useRef<string | null>(null)
  return (id: string, toHere: boolean) => {
    if (!checks) return
    const { checked, onCheck, isFixed } = checks
    const ids = (rows ?? []).map((row) => row.id)
    const from = toHere && last.current !== null ? ids.indexOf(last.current) : -1
    const touched = from < 0 ? [id] : between(ids, from, ids.indexOf(id)).filter((one) => !isFixed?.(one))
    last.current = id
    const others = checked.filter((one) => !touched.includes(one))
    onCheck(checked.includes(id) ? others : [...others, ...touched])
  }
}

const between = (ids: string[], one: number, other: number) => ids.slice(Math.min(one, other), Math.max(one, other) + 1)
