import type { ChangedTerms } from '../api/types'
import type { Metadata } from '../metadata/value'
import type { Rule } from '../rules/rule'

type Values = {
  name?: string
  key?: string | null
  metadata?: Metadata | null
  rule?: Rule | null
  exceptions?: unknown
}

/** A change of a group that can be undone: an entry of the history, or the last action. */
export type Done = {
  added?: string[]
  /** Those who were members and got other terms, if `terms` does not tell which. */
  changed?: string[]
  removed?: string[]
  /** The terms of memberships, for each group of customers with the same. */
  terms?: ChangedTerms[]
  before?: Values | null | undefined
  after?: Values | null | undefined
}

export const canBeUndone = ({ added = [], changed = [], removed = [], terms = [], before, after }: Done) =>
  terms.every(({ previous }) => !isOver(previous)) &&
  (added.length > 0 ||
    changed.length > 0 ||
    removed.length > 0 ||
    terms.length > 0 ||
    Boolean(before && after && areReversible(before, after)))

/** A membership cannot get back an end that has passed. */
export const isOver = (terms: ChangedTerms['previous']) =>
  Boolean(terms?.ends_at && Date.parse(terms.ends_at) <= Date.now())

/**
 * A rule can be set back to an earlier one. But the customers who left when a manual group got its rule would not come
 * back without it, and exceptions were deleted with a rule that was removed.
 */
const areReversible = (before: Values, after: Values) =>
  after.exceptions === undefined && (after.rule === undefined || (after.rule !== null && Boolean(before.rule)))
