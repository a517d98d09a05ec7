import type { CustomerGroupRow } from '../api/types'
import { i18n } from '../words/spoken'

const collator = new Intl.Collator(i18n.locales, { sensitivity: 'base', numeric: true })

/** The groups sorted by a field, descending with a minus. */
export function sorted(groups: CustomerGroupRow[], order: string): CustomerGroupRow[] {
  const field = order.replace(/^-/, '') as 'name' | 'created_at' | 'updated_at'
  const ascending = groups.toSorted((one, other) => collator.compare(one[field], other[field]))
  return order.startsWith('-') ? ascending.toReversed() : ascending
}
