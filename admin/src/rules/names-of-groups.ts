import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { groupNamesQuery } from '../jobs/job-data'

/** The names of customer groups, or the ids and keys of deleted ones. */
export function useNamesOfGroups(ids: string[]): (id: string) => string {
  const { data, isFetching } = useQuery({ ...groupNamesQuery(ids), placeholderData: keepPreviousData })
  return (id) => data?.get(id) ?? (isFetching ? '…' : id)
}
