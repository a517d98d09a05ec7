import { api, body } from '../api/client'
import type { CustomersPage } from '../api/types'
import { customersQuery, rowFields } from '../customers/customers-query'
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

/** The ids of all members that the view shows, on whatever page. */
export async function readMemberIds(id: string, view: View): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | null | undefined
  do {
    const page = await body(
      api.GET('/admin/customer-groups/{id}/customers', {
        params: {
          path: { id },
          query: { ...customersQuery(view), offset: 0, fields: 'id', limit: 1000, ...(cursor && { cursor }) },
        },
      }),
    )
    ids.push(...page.customers.map((customer) => customer.id))
    cursor = page.next_cursor
  } while (cursor)
  return ids
}

export const addMembers = (id: string, add: string[]) => changeMembers(id, { add })
export const removeMembers = (id: string, remove: string[]) => changeMembers(id, { remove })

const changeMembers = (id: string, change: { add: string[] } | { remove: string[] }) =>
  body(api.POST('/admin/customer-groups/{id}/customers', { params: { path: { id } }, body: change }))
