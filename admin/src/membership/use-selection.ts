import type { RowSelectionState } from '@tanstack/react-table'
import { useCallback, useState } from 'react'

/** Checked rows, which stay checked while the list is searched and paged. */
export function useSelection() {
  const [checked, setChecked] = useState<RowSelectionState>({})
  const clear = useCallback(() => setChecked({}), [])
  const ids = Object.keys(checked)
  return { checked, setChecked, clear, ids }
}
