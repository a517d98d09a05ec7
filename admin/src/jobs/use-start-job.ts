import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { reads } from '../api/cache'
import type { Job } from './job'
import { type StartJob, startJob } from './job-data'

/**
 * Starts jobs. Where an answer was lost, the same request gets the job that it has started before.
 *
 * Nothing on the screen changes by a job that has only begun.
 */
export function useStartJob(onStarted: (job: Job) => void) {
  const key = useRef({ request: '', key: '' })
  return useMutation({
    ...reads,
    mutationFn: (job: StartJob) => {
      const request = JSON.stringify(job)
      if (key.current.request !== request) key.current = { request, key: crypto.randomUUID() }
      return startJob(job, key.current.key)
    },
    onSuccess: (job) => {
      key.current = { request: '', key: '' }
      onStarted(job)
    },
  })
}
