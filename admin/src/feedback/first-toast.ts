import { useSyncExternalStore } from 'react'

let wanted = false
const listeners = new Set<() => void>()

/** Has there been anything to say yet? Before, the page does without the code that shows toasts. */
export const useFirstToast = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => wanted,
  )

export function wantToasts() {
  wanted = true
  for (const listener of listeners) listener()
}
