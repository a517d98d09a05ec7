import { MutationObserver } from '@tanstack/react-query'
import { cache } from '../api/cache'
import { done, failed } from '../feedback/toast'
import { words } from '../words'
import { canBeUndone, type Done } from './done'

/** Says that something was done to a group, with a button that undoes it. */
export const doneWithUndo = (message: string, groupId: string, what: Done) =>
  done(message, canBeUndone(what) ? () => void undoGroupChange(groupId, what) : undefined)

/** Undoes what was done to a group. The code for it is only loaded now. */
export const undoGroupChange = (groupId: string, what: Done) =>
  runUndo(async () => (await import('./undo')).undo(groupId, what))

/** Undoes something and shows the result. */
export async function runUndo(undo: () => Promise<void>): Promise<void> {
  const mutation = new MutationObserver(cache, {
    mutationFn: undo,
    onSuccess: () => done(words.undo.undone),
    onError: failed,
  })
  await mutation.mutate().catch(() => {})
}
