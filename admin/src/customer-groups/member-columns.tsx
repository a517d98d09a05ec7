import type { MemberRow } from '../api/types'
import { customerColumns } from '../customers/customer-columns'
import type { Column } from '../table/columns'
import { words } from '../words'

/** The columns of customers, and when their membership begins and ends, if any of them has such a moment. */
export const memberColumns = (rows: MemberRow[] | undefined): Column<MemberRow>[] =>
  rows?.some(({ membership }) => membership?.starts_at ?? membership?.ends_at) ? withTerms : customerColumns

const withTerms: Column<MemberRow>[] = [
  ...customerColumns,
  { id: 'membership', label: words.terms.title, wide: true, cell: ({ membership }) => termsText(membership) },
]

function termsText(membership: MemberRow['membership']): string {
  const { starts_at, ends_at } = membership ?? {}
  const begins = starts_at && Date.parse(starts_at) > Date.now() ? starts_at : null
  if (begins && ends_at) return words.terms.between(begins, ends_at)
  if (begins) return words.terms.from(begins)
  return ends_at ? words.terms.until(ends_at) : words.none
}
