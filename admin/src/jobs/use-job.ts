import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { changed } from '../api/cache'
import { isOver } from './job'
import { jobQuery } from './job-data'

/** A job that is followed until it has finished. Then visible data is loaded again. */
export function useJob(id: string | null) {
  const answer = useQuery({ ...jobQuery(id ?? ''), enabled: id !== null })
  const { data: job } = answer
  const over = job ? isOver(job) : null
  const before = useRef(over)
  useEffect(() => {
    if (before.current === false && over && !job?.dry_run) changed()
    before.current = over
  }, [over, job?.dry_run])
  return answer
}
