import { useCallback, useState } from 'react'
import { type Change, type ChangeView, changed, type View } from './view'

/** The view of a list in a side window, which is not stored in the address. */
export function useWindowView(order: string, size = 20): [View, ChangeView] {
  const [view, setView] = useState<View>({
    q: '',
    order,
    page: 1,
    created: null,
    updated: null,
    account: null,
    membership: null,
    size,
    cursor: null,
    hidden: [],
    inAddress: false,
  })
  const change = useCallback((wanted: Change) => setView((before) => changed(before, wanted)), [])
  return [view, change]
}
