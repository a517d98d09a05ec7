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
    queryFn: ({ pageParam, signal }) =>
      body(
        api.GET('/admin/customers/{id}/history', {
          params: {
            path: { id: customerId },
            query: {
              limit: 20,
              group_by: 'action',
              actor_names: true,
              ...filterQuery(filter),
              ...(pageParam && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })

/** The attributes of the profile that an entry changed. */
export const changedNames = ({ type, after }: CustomerChange) => (type === 'updated' ? Object.keys(after ?? {}) : [])
