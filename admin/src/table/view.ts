import { bounds, type Period } from './period'

/** Which part of a list is shown, in which order. Pages count from 1. */
export type View = {
  q: string
  order: string
  page: number
  created: Period | null
  updated: Period | null
  account: 'yes' | 'no' | null
  /** Rows on a page. */
  size: number
  /** Does the address of the page say all this? */
  inAddress: boolean
}

export type Change = Partial<View>

/** With `replace`, Back does not lead to the view before. */
export type ChangeView = (change: Change, replace?: boolean) => void

/** The API pages by offset as far as this. */
export const lastOffset = 10_000

/** What the API is asked for, whatever the list; the orders it has were checked where the view was read. */
export function listQuery<Order extends string>(view: View, now = new Date()) {
  return {
    ...(view.q && { q: view.q }),
    order: view.order as Order,
    limit: view.size,
    offset: Math.min((view.page - 1) * view.size, lastOffset),
    ...dated('created_at', view.created, now),
    ...dated('updated_at', view.updated, now),
  }
}

/** Any other change leads back to the first page: the fifth page of another question is no one's wish. */
export const changed = (view: View, change: Change): View => ({ ...view, page: 1, ...change })

export const isNarrowed = ({ q, created, updated, account }: View) => Boolean(q || created || updated || account)

/** How many pages can be turned to. */
export const pageCount = (count: number, size: number) => Math.min(Math.ceil(count / size), lastOffset / size + 1)

type Dated = Partial<Record<`${'created_at' | 'updated_at'}[${'$gte' | '$lt'}]`, string>>

function dated(field: 'created_at' | 'updated_at', period: Period | null, now: Date): Dated {
  if (!period) return {}
  const entries = Object.entries(bounds(period, now)).map(([operator, moment]) => [`${field}[${operator}]`, moment])
  return Object.fromEntries(entries)
}
