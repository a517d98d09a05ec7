import { isStale, Told } from '../api/errors'
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

export async function undoGroups(id: string, { added = [], removed = [] }: Groups): Promise<void> {
  if (added.length > 0) await removeFromGroups(id, added)
  if (removed.length > 0) await addToGroups(id, removed)
}

type Groups = { added?: string[]; removed?: string[] }
