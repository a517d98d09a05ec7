import { MutationObserver } from '@tanstack/react-query'
import { cache } from '../api/cache'
import { done, failed } from '../feedback/toast'
import { words } from '../words'
import { canBeUndone, type Done } from './done'

/** Says that something was done to a group, with a button that takes it back. */
export const doneWithUndo = (message: string, groupId: string, what: Done) =>
  done(message, canBeUndone(what) ? () => void undoGroupChange(groupId, what) : undefined)

/** Takes back what was done to a group. The code for it is loaded only now. */
export const undoGroupChange = (groupId: string, what: Done) =>
  runUndo(async () => (await import('./undo')).undo(groupId, what))

/** Takes something back and says how that went. */
export async function runUndo(undo: () => Promise<void>): Promise<void> {
  const mutation = new MutationObserver(cache, {
    mutationFn: undo,
    onSuccess: () => done(words.undo.undone),
    onError: failed,
  })
  await mutation.mutate().catch(() => {})
}
