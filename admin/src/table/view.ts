import { bounds, type Period } from './period'

/** The shown part of a list, and its order. Pages count from 1. */
export type View = {
  q: string
  order: string
  page: number
  created: Period | null
  updated: Period | null
  account: 'yes' | 'no' | null
  /** For members of a group: null lists those of now. */
  membership: 'scheduled' | 'all' | null
  /** The number of rows on a page. */
  size: number
  /** The cursor of the page, in a list that is too long to be counted: its pages have no numbers. */
  cursor: string | null
  /** The hidden columns. */
  hidden: readonly string[]
  /** Whether the view is stored in the address. */
  inAddress: boolean
}

export type Change = Partial<View>

/** With `replace`, Back does not return to the previous view. */
export type ChangeView = (change: Change, replace?: boolean) => void

/** The API's largest offset. */
export const lastOffset = 10_000

/** The query parameters of any list. The order has been checked when the view was parsed. */
export function listQuery<Order extends string>(view: View, now = new Date()) {
  return {
    ...(view.q && { q: view.q }),
    order: view.order as Order,
    limit: view.size,
    ...(view.cursor
      ? { cursor: view.cursor, offset: 0 }
      : { offset: Math.min((view.page - 1) * view.size, lastOffset) }),
    ...dated('created_at', view.created, now),
    ...dated('updated_at', view.updated, now),
  }
}

/** Any other change returns to the first page. */
export const changed = (view: View, change: Change): View =>
  'hidden' in change ? { ...view, ...change } : { ...view, page: 1, cursor: null, ...change }

export const isNarrowed = ({ q, created, updated, account, membership }: View) =>
  Boolean(q || created || updated || account || membership)

/** The number of pages. */
export const pageCount = (count: number, size: number) => Math.min(Math.ceil(count / size), lastOffset / size + 1)

type Dated = Partial<Record<`${'created_at' | 'updated_at'}[${'$gte' | '$lt'}]`, string>>

function dated(field: 'created_at' | 'updated_at', period: Period | null, now: Date): Dated {
  if (!period) return {}
  const entries = Object.entries(bounds(period, now)).map(([operator, moment]) => [`${field}[${operator}]`, moment])
  return Object.fromEntries(entries)
}
