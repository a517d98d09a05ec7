import type { MemberRow } from '../api/types'
import { customerColumns } from '../customers/customer-columns'
import { termsText } from '../membership/terms-text'
import type { Column } from '../table/columns'
import { words } from '../words'

/** The columns of customers, and when their membership begins and ends, if any of them has such a moment. */
export const memberColumns = (rows: MemberRow[] | undefined): Column<MemberRow>[] =>
  rows?.some(({ membership }) => membership?.starts_at ?? membership?.ends_at) ? withTerms : customerColumns

const withTerms: Column<MemberRow>[] = [
  ...customerColumns,
  {
    id: 'membership',
    label: words.terms.title,
    wide: true,
    cell: ({ membership }) => termsText(membership ?? {}) ?? words.none,
  },
]
