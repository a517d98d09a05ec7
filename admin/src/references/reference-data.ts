import { queryOptions } from '@tanstack/react-query'
import { api, body } from '../api/client'
import { groupKeys } from '../customer-groups/group-list-data'

/** The number of references that are listed. The rest is only counted. */
const shown = 20

/** The references of a group: the first ones, and their number. */
export const referencesQuery = (groupId: string) =>
  queryOptions({
    queryKey: groupKeys.references(groupId),
    queryFn: ({ signal }) =>
      body(
        api.GET('/admin/customer-groups/{id}/references', {
          params: { path: { id: groupId }, query: { limit: shown } },
          signal,
        }),
      ),
  })
