import { type Choice, choices, type FilterName } from './choices'
import { type Period, readPeriod } from './period'
import type { View } from './view'

/** The page sizes. */
export const sizes = [10, 20, 50, 100]

/** The options of a list, and their defaults. */
export type ListOptions = {
  orders: readonly string[]
  order: string
  filters: readonly FilterName[]
  /** The columns that can be hidden. */
  optional?: readonly string[]
  size?: number
}

/** The view in the address. Invalid values are ignored. */
export function readView(
  address: URLSearchParams,
  { orders, order, filters, optional = [], size = 20 }: ListOptions,
): View {
  const wanted = address.get('order') ?? order
  const page = Number(address.get('page'))
  const rows = Number(address.get('size'))
  const period = (name: 'created' | 'updated'): Period | null =>
    filters.includes(name) ? readPeriod(address.get(name) ?? '') : null
  const choice = <Value extends string>(name: Choice, values: readonly Value[]): Value | null =>
    filters.includes(name) ? (values.find((one) => one === address.get(name)) ?? null) : null
  return {
    q: address.get('q') ?? '',
    order: orders.includes(wanted.replace(/^-/, '')) ? wanted : order,
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
    created: period('created'),
    updated: period('updated'),
    account: choice('account', choices.account),
    membership: choice('membership', choices.membership),
    size: sizes.includes(rows) ? rows : size,
    cursor: address.get('cursor'),
    hidden: optional.filter((id) => address.get('hide')?.split(',').includes(id)),
    inAddress: true,
  }
}

/** The address of a view. It only contains what differs from the default. */
export function writeView(view: View, { order, size = 20 }: ListOptions): URLSearchParams {
  const said: [string, string | null][] = [
    ['q', view.q],
    ['order', view.order === order ? null : view.order],
    ['size', view.size === size ? null : String(view.size)],
    ['page', view.page === 1 ? null : String(view.page)],
    ['cursor', view.cursor],
    ['created', view.created],
    ['updated', view.updated],
    ['account', view.account],
    ['membership', view.membership],
    ['hide', view.hidden.join(',')],
  ]
  return new URLSearchParams(said.filter((entry): entry is [string, string] => Boolean(entry[1])))
}
