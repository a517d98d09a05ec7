import { api, body } from '../api/client'
import type { GroupOrder, GroupsPage } from '../api/types'
import { listQuery, type View } from '../table/view'

/** Everything known of customer groups lies in the cache under these keys. */
export const groupKeys = {
  all: ['customer-groups'] as const,
  list: (view: View) => ['customer-groups', 'list', listQuery(view)] as const,
  one: (id: string) => ['customer-groups', 'one', id] as const,
  members: (id: string) => ['customer-groups', 'members', id] as const,
  history: (id: string) => ['customer-groups', 'history', id] as const,
}

export const readGroups = async (view: View, signal: AbortSignal) =>
  (await body(
    api.GET('/admin/customer-groups', { params: { query: { ...listQuery<GroupOrder>(view), fields } }, signal }),
  )) as GroupsPage

/** What a row shows. Metadata stays where it is: it can be 100 kB a group. */
const fields = 'id,name,customer_count,created_at,updated_at'
