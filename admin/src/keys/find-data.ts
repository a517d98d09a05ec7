import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, body } from '../api/client'
import { fullName } from '../customers/customer-columns'
import type { CustomersPage, GroupsPage } from '../api/types'

/** A search result with its description. */
export type Place = { to: string; name: string; note: string }

const few = 5

/** The first groups and customers that match. */
export const usePlaces = (q: string) =>
  useQuery({
    queryKey: ['customer-groups', 'found', q],
    queryFn: async ({ signal }) => ({ ...(await findBoth(q, signal)), q }),
    enabled: q !== '',
    placeholderData: keepPreviousData,
  })

async function findBoth(q: string, signal: AbortSignal): Promise<{ groups: Place[]; customers: Place[] }> {
  const [groups, customers] = await Promise.all([findGroups(q, signal), findCustomers(q, signal)])
  return { groups, customers }
}

async function findGroups(q: string, signal: AbortSignal): Promise<Place[]> {
  const query = { q, limit: few, fields: 'id,name', order: 'name' as const }
  const page = (await body(api.GET('/admin/customer-groups', { params: { query }, signal }))) as GroupsPage
  return page.customer_groups.map(({ id, name }) => ({ to: `/customer-groups/${id}`, name, note: '' }))
}

async function findCustomers(q: string, signal: AbortSignal): Promise<Place[]> {
  const query = { q, limit: few, fields: 'id,email,first_name,last_name', order: 'email' as const }
  const page = (await body(api.GET('/admin/customers', { params: { query }, signal }))) as CustomersPage
  return page.customers.map((one) => ({ to: `/customers/${one.id}`, name: one.email ?? one.id, note: fullName(one) }))
}
