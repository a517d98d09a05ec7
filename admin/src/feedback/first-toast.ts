import { useSyncExternalStore } from 'react'

let wanted = false
const listeners = new Set<() => void>()

/** Whether a toast was shown. Before the first one, the code of toasts is not loaded. */
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
