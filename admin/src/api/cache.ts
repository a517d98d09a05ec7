import { MutationCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from './errors'

const otherTabs = new BroadcastChannel('changes')

/** Lists are read from indexes, which are updated shortly after a write. */
const indexesFollowIn = 2_000

/** Marks mutations that only read, so no data is reloaded. */
export const reads = { meta: { reads: true } }

/** The cached data. After every action, here or in another tab, visible data is loaded again. */
export const cache: QueryClient = new QueryClient({
  mutationCache: new MutationCache({
    // Also after a failure: some or all of it may have been applied.
    onSettled: (_data, _error, _variables, _result, { meta }) => {
      if (!meta?.reads) changed()
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // Refusals are not retried, only temporary errors.
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status < 500),
    },
    // Offline, a save fails immediately. Waiting would save unexpectedly, much later.
    mutations: { networkMode: 'always' },
  },
})

otherTabs.onmessage = reload

/** Reloads visible data after a change, here and in other tabs. */
export function changed() {
  reload()
  otherTabs.postMessage('changed')
}

/** Reloads visible data. */
export function reload() {
  void cache.invalidateQueries()
  window.setTimeout(() => void cache.invalidateQueries(), indexesFollowIn)
}
