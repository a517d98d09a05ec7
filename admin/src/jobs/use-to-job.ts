import { useNavigate } from 'react-router'
import { hasUnsavedEntry } from '../feedback/use-unsaved'
import type { Job } from './job'
import { watch } from './watched'

/** Navigates to a job that was just started, and shows a notification when it has finished. */
export function useToJob(): (job: Job) => void {
  const go = useNavigate()
  return (job) => {
    watch(job.id)
    void go(`/jobs/${job.id}`, { replace: hasUnsavedEntry() })
  }
}
