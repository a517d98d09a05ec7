import { plural, t } from '@lingui/core/macro'

/** References: which other systems use a group. */
export const usedBy = {
  title: t({ message: 'Used by', comment: 'Heading: other systems that use this customer group' }),
  more: (count: number) => plural(count, { one: 'and # more', other: 'and # more' }),
  inUse: (count: number) =>
    plural(count, {
      one: 'This customer group is in use in # place. What uses it will be told of the deletion:',
      other: 'This customer group is in use in # places. What uses it will be told of the deletion:',
    }),
  deleteAnyway: t`Delete anyway`,
}
