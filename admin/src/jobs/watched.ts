import { useSyncExternalStore } from 'react'

const place = 'watched-jobs'
const listeners = new Set<() => void>()
let ids: string[] = kept()

/** The jobs that were started in this tab and not reported as finished yet. Kept when the page is reloaded. */
export const useWatched = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => ids,
  )

export const watch = (id: string) => keep([...ids, id])
export const forget = (id: string) => keep(ids.filter((one) => one !== id))

function keep(wanted: string[]) {
  ids = wanted
  sessionStorage.setItem(place, JSON.stringify(ids))
  for (const listener of listeners) listener()
}

function kept(): string[] {
  const written: unknown = JSON.parse(sessionStorage.getItem(place) ?? '[]')
  return Array.isArray(written) ? written.map(String) : []
}
