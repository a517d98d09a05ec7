import { keepPreviousData, type QueryKey, useQuery } from '@tanstack/react-query'
import type { Page } from '../api/types'

/** A page of a list. While the next one loads, the one before stays on the screen. */
export function useList<Answer extends Page>(key: QueryKey, read: (signal: AbortSignal) => Promise<Answer>) {
  return useQuery({ queryKey: key, queryFn: ({ signal }) => read(signal), placeholderData: keepPreviousData })
}
