import { isStale, Told } from '../api/errors'
import type { CustomerChange } from '../api/types'
import { readCustomerHistory } from '../history/customer-history-data'
import { words } from '../words'
import { addToGroups, type Profile, readCustomer, removeFromGroups, updateCustomer } from './customer-data'

/** The profile as it was, where it was changed. What was changed again since is not touched. */
export async function undoProfile(id: string, before: Partial<Profile>, after: Partial<Profile>): Promise<void> {
  const now = await readCustomer(id)
  const isChangedSince = (Object.keys(after) as (keyof Profile)[]).some((field) => now[field] !== after[field])
  if (isChangedSince) throw new Told(words.undo.changedSince)
  await updateCustomer(now, before).catch((error: unknown) => {
    throw isStale(error) ? new Told(words.undo.changedSince) : error
  })
}

/** Undoes changes of a customer's groups. Memberships that had terms get the same terms again. */
export async function undoGroups(id: string, { added = [], removed = [] }: Groups): Promise<void> {
  if (added.length > 0) await removeFromGroups(id, added)
  if (removed.length === 0) return
  const terms = await latestTerms(id)
  const additions = removed.map((group) => {
    const latest = terms.get(group)
    if (latest?.new) throw new Told(words.undo.changedSince)
    return latest?.previous ? { id: group, ...latest.previous } : group
  })
  await addToGroups(id, additions)
}

/** What the answer to a removal does not tell: how the terms of memberships changed last, by group. */
async function latestTerms(id: string): Promise<Map<string, CustomerChange['terms'][number] | null>> {
  const { changes } = await readCustomerHistory(id)
  const latest = new Map<string, CustomerChange['terms'][number] | null>()
  for (const { joined, left, terms } of changes) {
    for (const one of terms) if (!latest.has(one.group.id)) latest.set(one.group.id, one)
    for (const group of [...joined, ...left]) if (!latest.has(group.id)) latest.set(group.id, null)
  }
  return latest
}

type Groups = { added?: string[]; removed?: string[] }
