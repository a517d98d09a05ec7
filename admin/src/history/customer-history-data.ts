import { infiniteQueryOptions } from '@tanstack/react-query'
import { api, body } from '../api/client'
import type { CustomerChange } from '../api/types'
import { customerKeys } from '../customers/customer-data'
import { filterQuery, type HistoryFilter, noFilter } from './history-filter'

export type CustomerFilter = HistoryFilter<'created' | 'updated' | 'joined' | 'left' | 'terms_changed'>

/** One action of somebody. */
export const customerHistoryQuery = (customerId: string, filter: CustomerFilter = noFilter) =>
  infiniteQueryOptions({
    queryKey: [...customerKeys.history(customerId), filter],
    queryFn: ({ pageParam, signal }) => readCustomerHistory(customerId, pageParam, filter, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })

/** One page of entries, newest first. */
export const readCustomerHistory = (id: string, cursor = '', filter: CustomerFilter = noFilter, signal?: AbortSignal) =>
  body(
    api.GET('/admin/customers/{id}/history', {
      params: {
        path: { id },
        query: {
          limit: 20,
          group_by: 'action',
          actor_names: true,
          ...filterQuery(filter),
          ...(cursor && { cursor }),
        },
      },
      ...(signal && { signal }),
    }),
  )

/** The attributes of the profile that an entry changed. */
export const changedNames = ({ type, after }: CustomerChange) => (type === 'updated' ? Object.keys(after ?? {}) : [])
