import type { CustomerChange } from '../api/types'
import { words } from '../words'

type Reason = NonNullable<CustomerChange['reason']>

/** What made a change that no person and no job has made. */
export function serviceText(reason: Reason['type'] | undefined): string | null {
  if (reason === 'rule') return words.customerHistory.byRule
  return reason === 'term' ? words.customerHistory.byTerm : null
}
