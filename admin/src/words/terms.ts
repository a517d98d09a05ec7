import { t } from '@lingui/core/macro'
import { moment } from './formats'

/** When a membership in a group begins and ends. */
export const terms = {
  title: t({ message: 'Membership', comment: 'Of a customer in a group' }),
  begins: t({ message: 'From', comment: 'When the membership of customers in a group begins' }),
  beginsHint: t`Empty: from now on`,
  ends: t({ message: 'Until', comment: 'When the membership of customers in a group ends' }),
  endsHint: t`Empty: without an end`,
  reversed: t`Must be after the beginning.`,
  past: t`Must be in the future.`,
  incomplete: t`Enter the date and the time.`,
  later: t({ message: 'Show who joins later', comment: 'Button below an empty list of customers in a group' }),
  from: (begin: string) => t`from ${{ begin: moment(begin) }}`,
  until: (end: string) => t`until ${{ end: moment(end) }}`,
  unlimited: t({ message: 'without a beginning or an end', comment: 'The membership of a customer in a group' }),
  change: (before: string, after: string) => `${before} → ${after}`,
  before: (terms: string) =>
    t({ message: `before: ${terms}`, comment: 'Such as “before: until Dec 24, 2026”: a membership that was removed' }),
  between: (begin: string, end: string) => t`${{ begin: moment(begin) }} to ${{ end: moment(end) }}`,
}
