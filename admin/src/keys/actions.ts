import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'

/** An action that is available on the page. */
export type Action = { label: string; key?: string; run: () => void }

let actions: readonly Action[] = []
const listeners = new Set<() => void>()

/** Offers an action while its component is mounted: by its key, and by name in the search window. */
export function useAction({ label, key, run }: Action, isOffered = true) {
  const act = useEffectEvent(run)
  useEffect(() => {
    if (!isOffered) return
    const action: Action = { label, ...(key && { key }), run: () => act() }
    change([...actions, action])
    return () => change(actions.filter((other) => other !== action))
  }, [label, key, isOffered])
}

export const useActions = () => useSyncExternalStore(subscribe, () => actions)

/** If two have the same key, the newer one is used. */
export const actionFor = (key: string) => actions.findLast((action) => action.key === key)

function change(next: readonly Action[]) {
  actions = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
