import type { CustomerGroupRow } from '../api/types'

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true })

/** The groups in the order of a field, or against it with a minus in front. */
export function sorted(groups: CustomerGroupRow[], order: string): CustomerGroupRow[] {
  const field = order.replace(/^-/, '') as 'name' | 'created_at' | 'updated_at'
  const ascending = groups.toSorted((one, other) => collator.compare(one[field], other[field]))
  return order.startsWith('-') ? ascending.toReversed() : ascending
}
