import { ApiError, PageError } from '../api/errors'
import type { ChangedTerms } from '../api/types'
import { addWithTerms, readTerms, removeMembers, type Terms } from '../customer-groups/member-data'
import { readCustomersByIds } from '../customers/find-customers'
import { inPortions, nothingApplied } from '../membership/portions'
import { words } from '../words'
import { type Done, isOver } from './done'
import { membersInHistory } from './members-in-history'

/** Undoes changes of members. Those who had a membership with terms get the same terms again. */
export const undoMembers = async (groupId: string, done: Done) => (await toUndoMembers(groupId, done))()

/** Checks that changes of members can be undone, and returns what undoes them. Nothing is written before. */
export async function toUndoMembers(groupId: string, done: Done): Promise<() => Promise<void>> {
  const { added = [], removed = [], terms = [] } = done.terms ? done : await membersInHistory(groupId, done)
  await checkUnchanged(groupId, terms)
  const previous = byCustomer(terms, 'previous')
  const all = new Set([...added, ...removed, ...previous.keys()])
  const termsBefore = (id: string): Terms | null => {
    const had = previous.get(id) ?? null
    // An end that has passed meanwhile would have ended the membership.
    return isOver(had) ? null : (had ?? (removed.includes(id) ? {} : null))
  }
  const before = new Map([...all].map((id) => [id, termsBefore(id)]))
  const those = (isMember: boolean) => [...all].filter((id) => Boolean(before.get(id)) === isMember)
  return async () => {
    await inPortions(those(false), nothingApplied, (ids) => removeMembers(groupId, ids))
    await inPortions(those(true), nothingApplied, (ids) => addThoseLeft(groupId, ids, (id) => before.get(id) ?? {}))
  }
}

/** Refuses if a membership does not have the terms any more that it got, because of a later change. */
async function checkUnchanged(groupId: string, changed: ChangedTerms[]): Promise<void> {
  const expected = byCustomer(changed, 'new')
  const now = await readTerms(groupId, [...expected.keys()])
  const isChanged = [...expected].some(([id, terms]) => !sameTerms(terms, now.get(id) ?? null))
  if (isChanged) throw new PageError(words.undo.changedSince)
}

const byCustomer = (changed: ChangedTerms[], time: 'previous' | 'new') =>
  new Map(changed.flatMap((one) => one.customer_ids.map((id) => [id, one[time]] as const)))

const sameTerms = (one: Terms | null, other: Terms | null) =>
  one === null || other === null
    ? one === other
    : (one.starts_at ?? null) === (other.starts_at ?? null) && (one.ends_at ?? null) === (other.ends_at ?? null)

/** Customers that were deleted since are skipped: the API would add none of the others. */
async function addThoseLeft(groupId: string, ids: string[], termsOf: (id: string) => Terms) {
  try {
    return await addWithTerms(groupId, ids, termsOf)
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'customer_not_found')) throw error
    const left = (await readCustomersByIds(ids)).map(({ id }) => id)
    return left.length > 0 ? addWithTerms(groupId, left, termsOf) : undefined
  }
}
