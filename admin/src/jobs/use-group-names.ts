import { useQuery } from '@tanstack/react-query'
import { groupsOf, type Job } from './job'
import { groupNamesQuery } from './job-data'

const most = 100

/** The names of jobs' groups, or the ids of deleted groups. While they are loading, the names are “…”. */
export function useGroupNames(jobs: Job[]) {
  const ids = [...new Set(jobs.flatMap(groupsOf))].sort().slice(0, most)
  const { data, isFetching, isLoading } = useQuery(groupNamesQuery(ids))
  return { isLoading, nameOf: (id: string) => data?.get(id) ?? (isFetching ? '…' : id) }
}
