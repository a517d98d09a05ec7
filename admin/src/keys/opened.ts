import { useSyncExternalStore } from 'react'

/** The windows that open from every page, one at a time. */
export type Everywhere = 'find' | 'shortcuts' | 'create-group' | 'create-customer'

let opened: Everywhere | null = null
const listeners = new Set<() => void>()

export function openWindow(window: Everywhere | null) {
  opened = window
  for (const listener of listeners) listener()
}

export const useOpened = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => opened,
  )
