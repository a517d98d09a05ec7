import { createParser, parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useCallback, useMemo } from 'react'
import type { FilterName } from './filters'
import { readPeriod } from './period'
import { type Change, changed, type View } from './view'

const period = createParser({ parse: readPeriod, serialize: String })
const page = createParser({
  parse: (text) => Math.max(1, parseAsInteger.parse(text) ?? 1),
  serialize: String,
})

type Options = {
  orders: readonly string[]
  /** The order where the address names none. */
  order: string
  filters: readonly FilterName[]
  size?: number
}

/** The view of the page's list, kept in the address: it can be bookmarked, and Back goes to the view before. */
export function useAddressView({ orders, order, filters, size = 20 }: Options): [View, (change: Change) => void] {
  const parsers = useMemo(
    () => ({
      q: parseAsString.withDefault(''),
      order: parseAsStringLiteral(orders.flatMap((field) => [field, `-${field}`])).withDefault(order),
      page: page.withDefault(1),
      created: period,
      updated: period,
      account: parseAsStringLiteral(['yes', 'no'] as const),
    }),
    [orders, order],
  )
  const [view, setView] = useQueryStates(parsers, {
    history: 'push',
    // Through the router, whose links then begin at what the address says.
    shallow: false,
  })
  const change = useCallback(
    (wanted: Change) => void setView((before) => changed({ ...before, size, inAddress: true }, wanted)),
    [setView, size],
  )
  // The address can say anything; only what this list knows counts.
  const known = useMemo(
    () => ({ ...view, size, inAddress: true, account: filters.includes('account') ? view.account : null }),
    [view, size, filters],
  )
  return [known, change]
}
