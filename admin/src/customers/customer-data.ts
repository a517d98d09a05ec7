import { queryOptions } from '@tanstack/react-query'
import { api, body } from '../api/client'
import type { Customer, CustomersPage } from '../api/types'
import { everyId, whole } from '../table/every-id'
import type { View } from '../table/view'
import { customersQuery, rowFields } from './customers-query'

export type Profile = {
  email: string | null
  first_name: string | null
  last_name: string | null
  company_name: string | null
  phone: string | null
  key: string | null
}

export const customerKeys = {
  all: ['customers'] as const,
  list: (view: View) => ['customers', 'list', customersQuery(view)] as const,
  candidates: (view: View) => ['customers', 'candidates', customersQuery(view)] as const,
  one: (id: string) => ['customers', 'one', id] as const,
  history: (id: string) => ['customers', 'history', id] as const,
}

export const readCustomers = (view: View, signal: AbortSignal) => readPage(view, rowFields, signal)

/** Customers with the ids of their groups, so that one request shows who is already in a group. */
export const readCandidates = (view: View, signal: AbortSignal) => readPage(view, `${rowFields},groups.id`, signal)

/** The ids of all customers that match the view, on all pages. */
export const readCustomerIds = (view: View) =>
  everyId(async (cursor) => {
    const query = { ...customersQuery(view), ...whole, ...cursor }
    const page = await body(api.GET('/admin/customers', { params: { query } }))
    return { ids: page.customers.map(({ id }) => id), next: page.next_cursor }
  })

/** A customer with its groups, in one request. */
export const readCustomer = (id: string, signal?: AbortSignal) =>
  tagged(
    api.GET('/admin/customers/{id}', {
      params: { path: { id }, query: { fields: '*groups' } },
      ...(signal && { signal }),
    }),
  )

export const customerQuery = (id: string) =>
  queryOptions({ queryKey: customerKeys.one(id), queryFn: ({ signal }) => readCustomer(id, signal) })

export const createCustomer = async (profile: Partial<Profile>) =>
  (await body(api.POST('/admin/customers', { body: profile }))).customer

/** Sends only what was changed, unless someone else has changed the customer since. */
export const updateCustomer = ({ id, etag }: Customer, changes: Partial<Profile>) =>
  tagged(
    api.POST('/admin/customers/{id}', {
      params: { path: { id }, query: { fields: '*groups' }, header: { 'If-Match': etag } },
      body: changes,
    }),
  )

export const deleteCustomer = (id: string) => body(api.DELETE('/admin/customers/{id}', { params: { path: { id } } }))

export const addToGroups = (id: string, add: string[]) => changeGroups(id, { add })
export const removeFromGroups = (id: string, remove: string[]) => changeGroups(id, { remove })

const changeGroups = (id: string, change: { add: string[] } | { remove: string[] }) =>
  body(api.POST('/admin/customers/{id}/customer-groups', { params: { path: { id } }, body: change }))

/** The customer with the ETag that `If-Match` compares. */
async function tagged(answer: Promise<{ data?: { customer: unknown }; response: Response }>): Promise<Customer> {
  const { customer } = await body(answer)
  const etag = (await answer).response.headers.get('ETag') ?? ''
  return { ...(customer as Omit<Customer, 'etag'>), etag }
}

async function readPage(view: View, fields: string, signal: AbortSignal) {
  const query = { ...customersQuery(view), fields }
  return (await body(api.GET('/admin/customers', { params: { query }, signal }))) as CustomersPage
}
