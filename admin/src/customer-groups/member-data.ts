import { api, body } from '../api/client'
import type { CustomersPage } from '../api/types'
import { customersQuery, rowFields } from '../customers/customers-query'
import { everyId, whole } from '../table/every-id'
import type { View } from '../table/view'
import { groupKeys } from './group-list-data'

export const memberKey = (id: string, view: View) => [...groupKeys.members(id), customersQuery(view)] as const

export const readMembers = async (id: string, view: View, signal: AbortSignal) =>
  (await body(
    api.GET('/admin/customer-groups/{id}/customers', {
      params: { path: { id }, query: { ...customersQuery(view), fields: rowFields } },
      signal,
    }),
  )) as CustomersPage

/** The ids of all members that match the view, on all pages. */
export const readMemberIds = (id: string, view: View) =>
  everyId(async (cursor) => {
    const params = { path: { id }, query: { ...customersQuery(view), ...whole, ...cursor } }
    const page = await body(api.GET('/admin/customer-groups/{id}/customers', { params }))
    return { ids: page.customers.map((customer) => customer.id), next: page.next_cursor }
  })

export const addMembers = (id: string, add: string[]) => changeMembers(id, { add })
export const removeMembers = (id: string, remove: string[]) => changeMembers(id, { remove })

const changeMembers = (id: string, change: { add: string[] } | { remove: string[] }) =>
  body(api.POST('/admin/customer-groups/{id}/customers', { params: { path: { id } }, body: change }))
