import { useCallback, useMemo } from 'react'
import { useLocation, useSearchParams } from 'react-router'
import { type ListOptions, readView, writeView } from './address'
import { type Change, type ChangeView, changed, type View } from './view'

/** The view of the page's list, stored in the address: it can be bookmarked, and Back returns to the previous view. */
export function useAddressView(list: ListOptions): [View, ChangeView] {
  const [address, setAddress] = useSearchParams()
  const { pathname } = useLocation()
  const view = useMemo(() => readView(address, list), [address, list])
  const change = useCallback(
    (wanted: Change, replace = false) => {
      // A delayed search must not navigate away from a page that was opened since.
      if (window.location.pathname !== pathname) return
      setAddress((now) => writeView(changed(readView(now, list), wanted), list), { replace, preventScrollReset: true })
    },
    [setAddress, list, pathname],
  )
  return [view, change]
}
