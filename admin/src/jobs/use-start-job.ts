import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { reads } from '../api/cache'
import type { Job } from './job'
import { type StartJob, startJob } from './job-data'

/**
 * Starts jobs. If the response is lost, repeating the request returns the job that it has started.
 *
 * Nothing is reloaded, because a job that has just started has not changed anything yet.
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
