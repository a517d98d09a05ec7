import { t } from '@lingui/core/macro'

/** What a history is narrowed by. */
export const historyFilters = {
  label: t`Filter the history`,
  kind: t({ message: 'Kind of change', comment: 'Filter of a history' }),
  person: t({ message: 'Person', comment: 'Filter of a history: who made a change' }),
  time: t({ message: 'Time', comment: 'Filter of a history: when a change was made' }),
  clear: t`Clear filters`,
  added: t`Customers added`,
  removed: t`Customers removed`,
  terms: t({ message: 'Memberships changed', comment: 'Kind of change: when memberships begin or end' }),
}
