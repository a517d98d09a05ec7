import { ApiError, PageError } from '../api/errors'
import type { ChangedTerms } from '../api/types'
import { addWithTerms, readTerms, removeMembers, type Terms } from '../customer-groups/member-data'
import { readCustomersByIds } from '../customers/find-customers'
import { inPortions, nothingApplied } from '../membership/portions'
import { words } from '../words'
import type { Done } from './done'
import { readHistory } from './history-data'

/** Undoes changes of members. Those who had a membership with terms get the same terms again. */
export async function undoMembers(groupId: string, { added = [], removed = [], terms }: Done): Promise<void> {
  const changed = terms ?? (await termsOfRemoved(groupId, removed))
  await checkUnchanged(groupId, changed)
  const previous = byCustomer(changed, 'previous')
  const all = new Set([...added, ...removed, ...previous.keys()])
  const before = new Map([...all].map((id) => [id, previous.get(id) ?? (removed.includes(id) ? {} : null)]))
  const those = (isMember: boolean) => [...all].filter((id) => Boolean(before.get(id)) === isMember)
  await inPortions(those(false), nothingApplied, (ids) => removeMembers(groupId, ids))
  await inPortions(those(true), nothingApplied, (ids) => addThoseLeft(groupId, ids, (id) => before.get(id) ?? {}))
}

/** Refuses if a membership does not have the terms any more that it got, because of a later change. */
async function checkUnchanged(groupId: string, changed: ChangedTerms[]): Promise<void> {
  const expected = byCustomer(changed, 'new')
  const now = await readTerms(groupId, [...expected.keys()])
  const isChanged = [...expected].some(([id, terms]) => !sameTerms(terms, now.get(id) ?? null))
  if (isChanged) throw new PageError(words.undo.changedSince)
}

/** What the answer to a removal does not tell: the terms of those who were removed. */
async function termsOfRemoved(groupId: string, removed: string[]): Promise<ChangedTerms[]> {
  if (removed.length === 0) return []
  const { changes } = await readHistory(groupId, latest, '', new AbortController().signal)
  const left = new Set(removed)
  return changes.flatMap((change) => {
    const found = change.terms
      .filter((one) => !one.new)
      .map((one) => ({ ...one, customer_ids: one.customer_ids.filter((id) => left.has(id)) }))
    const concerned = [...change.added, ...change.removed, ...change.terms.flatMap((one) => one.customer_ids)]
    concerned.forEach((id) => left.delete(id))
    return found.filter(({ customer_ids }) => customer_ids.length > 0)
  })
}

const latest = 20

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
