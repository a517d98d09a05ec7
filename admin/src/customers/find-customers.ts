import { api, body } from '../api/client'
import type { CustomerRow } from '../api/types'
import { isEmail } from './pasted-list'

/** The result of searching pasted ids and e-mail addresses. */
export type Found = { ids: string[]; missing: string[] }

/** The most values in one URL: some servers accept at most 8 kB. */
const atOnce = 100

/** The customers with these ids and e-mail addresses, and the values that no customer has. */
export async function findCustomers(values: string[]): Promise<Found> {
  const emails = values.filter(isEmail)
  const found = [
    ...(await readCustomers('email', emails)),
    ...(await readCustomers(
      'id',
      values.filter((value) => !isEmail(value)),
    )),
  ]
  const known = new Set(found.flatMap(({ id, email }) => [id, email?.toLowerCase()]))
  return {
    ids: [...new Set(found.map(({ id }) => id))],
    missing: values.filter((value) => !known.has(value) && !known.has(value.toLowerCase())),
  }
}

export const readCustomersByIds = (ids: string[]) => readCustomers('id', ids)

async function readCustomers(by: 'id' | 'email', values: string[]): Promise<CustomerRow[]> {
  const found: CustomerRow[] = []
  for (let start = 0; start < values.length; start += atOnce) {
    // Two customers can have the same e-mail address: one with an account and a guest.
    const query = { [by]: values.slice(start, start + atOnce), fields: 'id,email', limit: 2 * atOnce }
    const page = await body(api.GET('/admin/customers', { params: { query } }))
    found.push(...(page.customers as CustomerRow[]))
  }
  return found
}
