import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { reads } from '../api/cache'
import { isOver, type Job } from './job'
import type { StartJob } from './job-data'
import { useJob } from './use-job'
import { useStartJob } from './use-start-job'

/** A job with a dry run first, and a start after the user has seen its result. */
export function useCheckedJob(onStarted: (job: Job) => void) {
  const [checkId, setCheckId] = useState<string | null>(null)
  const { data: check, error: unread } = useJob(checkId)
  const start = useStartJob((job) => (job.dry_run ? setCheckId(job.id) : onStarted(job)))
  const begin = useMutation({
    ...reads,
    mutationFn: async ({ ask, dryRun }: { ask: () => Promise<StartJob>; dryRun: boolean }) =>
      start.mutateAsync({ ...(await ask()), dry_run: dryRun }),
  })
  const isChecked = checkId !== null && check !== undefined && isOver(check)
  const mayStart = isChecked && check.status === 'succeeded'
  return {
    /** The dry run, after it was started. */
    check: checkId === null ? null : (check ?? null),
    isChecking: checkId !== null && !isChecked,
    /** Whether the job itself can be started. */
    mayStart,
    isPending: begin.isPending,
    error: begin.error ?? (check ? null : unread),
    /** A different choice needs another dry run. */
    again: () => {
      setCheckId(null)
      begin.reset()
    },
    /** Starts the dry run, or the job after it. */
    go: (ask: () => Promise<StartJob>) => begin.mutate({ ask, dryRun: !mayStart }),
  }
}

export type CheckedJob = ReturnType<typeof useCheckedJob>
