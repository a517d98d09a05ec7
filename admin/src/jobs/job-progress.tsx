import '@mantine/core/styles/Progress.css'
import { Progress, Stack, Text } from '@mantine/core'
import { Notice } from '../feedback/notice'
import { words } from './words'
import { isOver, type Job, percent, stateOf } from './job'
import { Totals } from './totals'

/** A job's progress: a bar while it is running, then the totals. */
export function JobProgress({ job }: { job: Job }) {
  const { jobs } = words
  const { rows, done } = job.totals
  return (
    <Stack gap='md'>
      {!isOver(job) && (
        <Stack gap={4}>
          <Text size='sm' role='status'>
            {progressText(job)}
          </Text>
          <Progress.Root size='md'>
            <Progress.Section value={percent(job) ?? 0} aria-label={jobs.progressLabel} animated />
          </Progress.Root>
        </Stack>
      )}
      {job.status === 'cancelled' && <Text size='sm'>{jobs.stopped(done, rows)}</Text>}
      {job.error && (
        <Notice kind='problem' title={jobs.states.failed}>
          <Text size='sm'>{job.error.message}</Text>
        </Notice>
      )}
      {(done > 0 || isOver(job)) && <Totals job={job} />}
    </Stack>
  )
}

function progressText(job: Job): string {
  const { rows, done } = job.totals
  if (job.status === 'pending') return words.jobs.waiting
  if (rows === 0) return words.jobs.planning
  const progress = words.jobs.progress(done, rows)
  return stateOf(job) === 'stopping' ? `${words.jobs.states.stopping} · ${progress}` : progress
}
