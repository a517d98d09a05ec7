import { plural, t } from '@lingui/core/macro'
import { localDay, number } from './formats'

/** Lists: search, order, pages. */
export const table = {
  search: t`Search`,
  sort: t({ message: 'Sort', comment: 'Button: opens the menu of orders' }),
  ascending: t`Ascending`,
  descending: t`Descending`,
  pages: t`Pages`,
  page: (page: number) => t`Page ${page}`,
  previous: t`Previous page`,
  next: t`Next page`,
  range: (from: number, to: number, count: string) => t`${{ from: number(from) }}–${{ to: number(to) }} of ${count}`,
  moreThan: (count: number) => t`more than ${{ count: number(count) }}`,
  atLeast: (count: number) => t`at least ${{ count: number(count) }}`,
  first: t`First page`,
  onward: t({ message: 'More pages', comment: 'Name of the buttons Next page and Previous page, for screen readers' }),
  rows: t`Rows on a page`,
  perPage: (count: number) => plural(count, { one: '# per page', other: '# per page' }),
  selectPage: t`Select all on this page`,
  select: (name: string) => t`Select ${name}`,
  results: (count: string) => t`${count} results`,
  noMatchYet: t`Nothing found so far`,
  noMatchYetText: t`The list is long. Go on to the next page to search the rest.`,
  noMatch: t`Nothing matches`,
  noMatchText: t`Try other words, or take a filter away.`,
  clear: t`Clear search and filters`,
  clearSearch: t`Clear search`,
  columns: t({ message: 'Columns', comment: 'Button: opens the menu of columns to show' }),
}

/** Saved views of a list. */
export const views = {
  title: t`Saved views`,
  none: t`None yet. Search, filter, sort or choose columns, then give the view a name.`,
  name: t`Name for this view`,
  remove: (name: string) => t`Remove the view “${name}”`,
}

export const filters = {
  add: t`Add filter`,
  remove: (filter: string) => t`Remove filter: ${filter}`,
  change: (filter: string) => t`Change filter: ${filter}`,
  chip: (name: string, value: string) => t`${name}: ${value}`,
  created: t`Created`,
  updated: t`Updated`,
  account: t({ message: 'Account', context: 'of a customer in the shop' }),
  membership: t({ message: 'Membership', comment: 'Of a customer in a group' }),
  choices: {
    account: { yes: t`With account`, no: t`Without account` },
    membership: { scheduled: t`Begins later`, all: t`Now and later` },
  },
  periods: {
    today: t`Today`,
    'last-7-days': t`Last 7 days`,
    'last-30-days': t`Last 30 days`,
    'last-90-days': t`Last 90 days`,
    'last-12-months': t`Last 12 months`,
  },
  from: t({ message: 'From', comment: 'The first day of a period' }),
  to: t({ message: 'To', comment: 'The last day of a period' }),
  between: (from: string, to: string) => t`${{ from: localDay(from) }} to ${{ to: localDay(to) }}`,
  since: (from: string) => t`since ${{ from: localDay(from) }}`,
  until: (to: string) => t`until ${{ to: localDay(to) }}`,
  apply: t`Apply`,
}

/** Selected rows and their actions. */
export const selection = {
  label: t`Selection`,
  selected: (count: number) => plural(count, { one: '# selected', other: '# selected' }),
  clear: t`Clear selection`,
  remove: t`Remove`,
  all: (count: number) => plural(count, { one: 'Select all #', other: 'Select all #' }),
  progress: (done: number, all: number) => t`${{ done: number(done) }} of ${{ all: number(all) }}`,
  progressLabel: t`Progress`,
  partly: (done: number, all: number) =>
    t`${{ done: number(done) }} of ${{ all: number(all) }} were applied before this happened. Try again to go on with the rest.`,
}
