import { keepPreviousData, type QueryKey, useQuery } from '@tanstack/react-query'
import type { Page } from '../api/types'

/** A page of a list. The previous one is shown while the next one loads. */
export function useList<Answer extends Page>(key: QueryKey, read: (signal: AbortSignal) => Promise<Answer>) {
  return useQuery({ queryKey: key, queryFn: ({ signal }) => read(signal), placeholderData: keepPreviousData })
}
