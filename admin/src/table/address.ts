import type { FilterName } from './filters'
import { type Period, readPeriod } from './period'
import type { View } from './view'

/** What a list can be asked, and what it shows where the address says nothing. */
export type ListOptions = {
  orders: readonly string[]
  order: string
  filters: readonly FilterName[]
  size?: number
}

/** The view that the address says. It can say anything; only what the list knows counts. */
export function readView(address: URLSearchParams, { orders, order, filters, size = 20 }: ListOptions): View {
  const wanted = address.get('order') ?? order
  const page = Number(address.get('page'))
  const account = address.get('account')
  const period = (name: 'created' | 'updated'): Period | null =>
    filters.includes(name) ? readPeriod(address.get(name) ?? '') : null
  return {
    q: address.get('q') ?? '',
    order: orders.includes(wanted.replace(/^-/, '')) ? wanted : order,
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
    created: period('created'),
    updated: period('updated'),
    account: filters.includes('account') && (account === 'yes' || account === 'no') ? account : null,
    size,
    inAddress: true,
  }
}

/** The address of a view. It says only what differs from the list as it is without. */
export function writeView(view: View, { order }: ListOptions): URLSearchParams {
  const said: [string, string | null][] = [
    ['q', view.q],
    ['order', view.order === order ? null : view.order],
    ['page', view.page === 1 ? null : String(view.page)],
    ['created', view.created],
    ['updated', view.updated],
    ['account', view.account],
  ]
  return new URLSearchParams(said.filter((entry): entry is [string, string] => Boolean(entry[1])))
}
