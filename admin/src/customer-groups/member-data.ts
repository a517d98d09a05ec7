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
export type Terms = { starts_at?: string; ends_at?: string }

export const addMembers = (groupId: string, ids: string[], terms: Terms = {}) =>
  changeMembers(groupId, { add: terms.starts_at || terms.ends_at ? ids.map((id) => ({ id, ...terms })) : ids })
export const removeMembers = (id: string, remove: string[]) => changeMembers(id, { remove })

const changeMembers = (id: string, change: { add: (string | ({ id: string } & Terms))[] } | { remove: string[] }) =>
  body(api.POST('/admin/customer-groups/{id}/customers', { params: { path: { id } }, body: change }))
