import { useEffect } from 'react'
import { useLocation } from 'react-router'
import { isMissing } from '../api/errors'
import { done, failedBecause } from '../feedback/toast'
import { words } from './words'
import { isOver } from './job'
import { jobTitle } from './job-title'
import { summary } from './totals'
import { useGroupNames } from './use-group-names'
import { useJob } from './use-job'
import { forget } from './watched'

/** Follows the jobs that were started here, and shows a notification when each has finished. */
export default function WatchJobs({ ids }: { ids: readonly string[] }) {
  return ids.map((id) => <WatchJob key={id} id={id} />)
}

function WatchJob({ id }: { id: string }) {
  const { data: job, error } = useJob(id)
  const { nameOf, isLoading } = useGroupNames(job ? [job] : [])
  const { pathname } = useLocation()
  const isSeen = pathname === `/jobs/${id}`
  const title = job ? jobTitle(job, nameOf) : ''
  useEffect(() => {
    if (isMissing(error)) forget(id)
    if (!job || !isOver(job) || isLoading) return
    forget(id)
    // The job's page shows the end itself.
    if (isSeen || job.status === 'cancelled') return
    if (job.status === 'failed') failedBecause(words.jobs.failedToast(title), job.error?.message ?? '')
    else done([words.jobs.finishedToast(title), summary(job)].filter(Boolean).join(' · '))
  }, [job, error, id, isSeen, isLoading, title])
  return null
}
