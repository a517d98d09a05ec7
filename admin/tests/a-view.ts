import type { View } from '../src/table/view'

/** The first page of a list, without search and filters. */
export const VIEW: View = {
  q: '',
  order: '-created_at',
  page: 1,
  created: null,
  updated: null,
  account: null,
  membership: null,
  size: 20,
  cursor: null,
  hidden: [],
  inAddress: true,
}
