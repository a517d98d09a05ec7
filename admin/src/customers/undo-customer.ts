import { isStale, PageError } from '../api/errors'
import { toUndoMembers } from '../history/undo-members'
import { words } from '../words'
import { type Profile, readCustomer, updateCustomer } from './customer-data'

/** The profile as it was, where it was changed. What was changed again since is not touched. */
export async function undoProfile(id: string, before: Partial<Profile>, after: Partial<Profile>): Promise<void> {
  const now = await readCustomer(id)
  const isChangedSince = (Object.keys(after) as (keyof Profile)[]).some((field) => now[field] !== after[field])
  if (isChangedSince) throw new PageError(words.undo.changedSince)
  await updateCustomer(now, before).catch((error: unknown) => {
    throw isStale(error) ? new PageError(words.undo.changedSince) : error
  })
}

/** Undoes changes of a customer's groups, each like a change of that group's members, so with their terms. Nothing is undone unless all can be. */
export async function undoGroups(id: string, { added = [], removed = [] }: Groups): Promise<void> {
  const undos: (() => Promise<void>)[] = []
  for (const group of added) undos.push(await toUndoMembers(group, { added: [id] }))
  for (const group of removed) undos.push(await toUndoMembers(group, { removed: [id] }))
  // One after the other, because each changes the number of the customer's groups.
  for (const undo of undos) await undo()
}

type Groups = { added?: string[]; removed?: string[] }
