import { api, body } from '../api/client'
import type { GroupOrder, GroupsPage } from '../api/types'
import { listQuery, type View } from '../table/view'

/** The keys of all cached data of customer groups. */
export const groupKeys = {
  all: ['customer-groups'] as const,
  list: (view: View) => ['customer-groups', 'list', listQuery(view)] as const,
  one: (id: string) => ['customer-groups', 'one', id] as const,
  members: (id: string) => ['customer-groups', 'members', id] as const,
  references: (id: string) => ['customer-groups', 'references', id] as const,
  history: (id: string) => ['customer-groups', 'history', id] as const,
}

export const readGroups = async (view: View, signal: AbortSignal) =>
  (await body(
    api.GET('/admin/customer-groups', { params: { query: { ...listQuery<GroupOrder>(view), fields } }, signal }),
  )) as GroupsPage

/** The attributes that a row shows. Metadata is not loaded: it can be 100 kB per group. */
const fields = 'id,name,customer_count,created_at,updated_at'
