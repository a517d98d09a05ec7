import { plural, t } from '@lingui/core/macro'

/** Selecting many customers: all matches, and pasted lists. */
export const picking = {
  allThatMatch: (count: number) => plural(count, { one: 'Select # that matches', other: 'Select all # that match' }),
  /** The count says "more than 1,000". */
  allOf: (count: string) => t`Select all that match: ${count}`,
  allSelected: (count: string) => t`All that match are selected: ${count}`,
  paste: t`Paste ids or emails`,
  pasteLabel: t`Ids and email addresses`,
  pasteHint: t`One in a line, or with commas between them.`,
  find: (count: number) => plural(count, { one: 'Find and select #', other: 'Find and select #' }),
  found: (count: number) =>
    plural(count, { one: '# customer found and selected.', other: '# customers found and selected.' }),
  missing: (count: number) => plural(count, { one: '# not found:', other: '# not found:' }),
}
