import { queryOptions } from '@tanstack/react-query'
import { api, body } from '../api/client'
import type { Customer, CustomersPage } from '../api/types'
import type { View } from '../table/view'
import { customersQuery, rowFields } from './customers-query'

export type Profile = {
  email: string
  first_name: string | null
  last_name: string | null
  company_name: string | null
  phone: string | null
}

export const customerKeys = {
  all: ['customers'] as const,
  list: (view: View) => ['customers', 'list', customersQuery(view)] as const,
  candidates: (view: View) => ['customers', 'candidates', customersQuery(view)] as const,
  one: (id: string) => ['customers', 'one', id] as const,
}

export const readCustomers = (view: View, signal: AbortSignal) => readPage(view, rowFields, signal)

/** Customers with the ids of their groups, so that one call tells who is in a group already. */
export const readCandidates = (view: View, signal: AbortSignal) => readPage(view, `${rowFields},groups.id`, signal)

/** A customer with their groups, in one call. */
export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: customerKeys.one(id),
    queryFn: async ({ signal }) => {
      const params = { path: { id }, query: { fields: '*groups' } }
      return (await body(api.GET('/admin/customers/{id}', { params, signal }))).customer as Customer
    },
  })

export const createCustomer = async (profile: Profile) =>
  (await body(api.POST('/admin/customers', { body: profile }))).customer

export const updateCustomer = async (id: string, profile: Profile) =>
  (await body(api.POST('/admin/customers/{id}', { params: { path: { id } }, body: profile }))).customer

export const deleteCustomer = (id: string) => body(api.DELETE('/admin/customers/{id}', { params: { path: { id } } }))

export const addToGroups = (id: string, add: string[]) => changeGroups(id, { add })
export const removeFromGroups = (id: string, remove: string[]) => changeGroups(id, { remove })

const changeGroups = (id: string, change: { add: string[] } | { remove: string[] }) =>
  body(api.POST('/admin/customers/{id}/customer-groups', { params: { path: { id } }, body: change }))

async function readPage(view: View, fields: string, signal: AbortSignal) {
  const query = { ...customersQuery(view), fields }
  return (await body(api.GET('/admin/customers', { params: { query }, signal }))) as CustomersPage
}
