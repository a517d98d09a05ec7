import { useState } from 'react'
import type { Page } from '../api/types'
import { customersQuery } from '../customers/customers-query'
import type { View } from '../table/view'

/** The most rows that are selected individually. For more, a job uses the filter. */
const mostByHand = 1_000

export const isForJob = ({ count, count_is_exact }: Page) => count_is_exact === false || count > mostByHand

/** Whether all matches on all pages are selected. A different search has different matches. */
export function useAllThatMatch(view: View) {
  const asked = JSON.stringify(filterOf(view))
  const [meant, setMeant] = useState<string | null>(null)
  return { isAll: meant === asked, mean: () => setMeant(asked), clear: () => setMeant(null) }
}

/** The filter of the view, in the format of jobs. */
export function filterOf(view: View): Record<string, unknown> {
  const ofPage = ['order', 'limit', 'offset', 'cursor']
  return Object.fromEntries(Object.entries(customersQuery(view)).filter(([name]) => !ofPage.includes(name)))
}
