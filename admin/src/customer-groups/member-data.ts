import { api, body } from '../api/client'
import type { MembersPage } from '../api/types'
import { customersQuery, rowFields } from '../customers/customers-query'
import { everyId, whole } from '../table/every-id'
import type { View } from '../table/view'
import { groupKeys } from './group-list-data'

export const memberKey = (id: string, view: View) => [...groupKeys.members(id), customersQuery(view)] as const

export const readMembers = async (id: string, view: View, signal: AbortSignal) =>
  (await body(
    api.GET('/admin/customer-groups/{id}/customers', {
      params: { path: { id }, query: { ...customersQuery(view), fields: `${rowFields},membership` } },
      signal,
    }),
  )) as MembersPage

/** The ids of all members that match the view, on all pages. */
export const readMemberIds = (id: string, view: View) =>
  everyId(async (cursor) => {
    const params = { path: { id }, query: { ...customersQuery(view), ...whole, ...cursor } }
    const page = await body(api.GET('/admin/customer-groups/{id}/customers', { params }))
    return { ids: page.customers.map((customer) => customer.id), next: page.next_cursor }
  })

/** When a membership begins and ends, in ISO 8601. Without a beginning it begins now, without an end it does not end. */
export type Terms = { starts_at?: string | null; ends_at?: string | null }

export const addMembers = (groupId: string, ids: string[], terms: Terms = {}) => addWithTerms(groupId, ids, () => terms)
export const addWithTerms = (groupId: string, ids: string[], termsOf: (id: string) => Terms) =>
  changeMembers(groupId, { add: ids.map((id) => withTerms(id, termsOf(id))) })
export const removeMembers = (id: string, remove: string[]) => changeMembers(id, { remove })

/** Without terms, an id leaves the end of a present membership as it is. Terms without an end remove it. */
const withTerms = (id: string, terms: Terms) => ('starts_at' in terms || 'ends_at' in terms ? { id, ...terms } : id)

/** The most ids in one URL: some servers accept at most 8 kB. */
const atOnce = 100

/** The terms of those memberships that the group has now, also of those that begin later. */
export async function readTerms(groupId: string, ids: string[]): Promise<Map<string, Terms>> {
  const found = new Map<string, Terms>()
  for (let start = 0; start < ids.length; start += atOnce) {
    const query = {
      id: ids.slice(start, start + atOnce),
      membership: 'all' as const,
      fields: 'id,membership',
      limit: atOnce,
    }
    const path = { id: groupId }
    const page = await body(api.GET('/admin/customer-groups/{id}/customers', { params: { path, query } }))
    for (const { id, membership } of (page as MembersPage).customers) if (membership) found.set(id, membership)
  }
  return found
}

const changeMembers = (id: string, change: { add: (string | ({ id: string } & Terms))[] } | { remove: string[] }) =>
  body(api.POST('/admin/customer-groups/{id}/customers', { params: { path: { id } }, body: change }))
