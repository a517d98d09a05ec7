import { useId, useLayoutEffect, useSyncExternalStore } from 'react'

let layers: readonly string[] = []
const listeners = new Set<() => void>()

/** Windows and dialogs are stacked, and Esc closes the topmost. Returns whether this is the topmost. */
export function useLayer(opened: boolean): boolean {
  const id = useId()
  useLayoutEffect(() => {
    if (!opened) return
    change([...layers, id])
    return () => change(layers.filter((other) => other !== id))
  }, [opened, id])
  return useSyncExternalStore(subscribe, () => layers.at(-1) === id)
}

function change(next: readonly string[]) {
  layers = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
