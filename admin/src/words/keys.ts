import { t } from '@lingui/core/macro'

/** Keyboard shortcuts, and the search window. */
export const keys = {
  title: t`Keyboard shortcuts`,
  find: t`Find anything`,
  findShort: t({ message: 'Find', comment: 'Button: opens the window that finds groups, customers and actions' }),
  findWhat: t`Customer groups, customers, actions`,
  found: t({ message: 'Found', comment: 'Name of the list of what was found, for screen readers' }),
  actions: t({ message: 'Actions', comment: 'Heading: what can be done on this page' }),
  searchList: t`Search this list`,
  save: t`Save in an open window`,
  shiftClick: t({ message: 'Shift + click', comment: 'A key held while clicking' }),
  range: t`Select all rows up to there`,
  close: t`Close the topmost window`,
}
