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

/**
 * Those who are selected, for a job: all that match the view, or some by their ids. A view without search and filters
 * has an empty filter: what is shown is selected, which is not everybody who is or will be in a group.
 */
export const selected = (isAll: boolean, view: View, ids: string[]) => (isAll ? { filter: filterOf(view) } : { ids })

/** The filter of the view, in the format of jobs. */
export function filterOf(view: View): Record<string, unknown> {
  const ofPage = ['order', 'limit', 'offset', 'cursor']
  return Object.fromEntries(Object.entries(customersQuery(view)).filter(([name]) => !ofPage.includes(name)))
}
