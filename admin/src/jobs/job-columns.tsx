import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { reads } from '../api/cache'
import { failed } from '../feedback/toast'
import type { windowCode } from '../feedback/window-code'
import { mayEdit, type Person } from '../session/person'
import type { Column } from '../table/columns'
import { Moment } from '../table/moment'
import { RowLink } from '../table/row-link'
import { words } from './words'
import { downloadResult } from './download'
import { canBeCancelled, type Job } from './job'
import { JobState } from './job-state'
import { jobTitle } from './job-title'
import classes from './jobs.module.css'
import { startedBy, took } from './spent'
import { summary } from './totals'

type Options = {
  person: Person
  nameOf: (groupId: string) => string
  onCancel: (job: Job) => void
  cancelSoon: ReturnType<typeof windowCode>['soon']
}

/** The title, status, starter, time, duration and result. */
export function jobColumns({ person, nameOf, onCancel, cancelSoon }: Options): Column<Job>[] {
  const { jobs } = words
  return [
    {
      id: 'what',
      label: jobs.what,
      cell: (job) => (
        <>
          <RowLink to={`/jobs/${job.id}`}>{jobTitle(job, nameOf)}</RowLink>
          <div className={classes.summary}>{summary(job)}</div>
        </>
      ),
    },
    { id: 'state', label: jobs.state, kind: 'date', cell: (job) => <JobState job={job} /> },
    { id: 'who', label: jobs.who, wide: true, cell: (job) => <bdi>{startedBy(job, person)}</bdi> },
    { id: 'when', label: jobs.when, wide: true, kind: 'date', cell: (job) => <Moment at={job.created_at} /> },
    { id: 'took', label: jobs.took, wide: true, kind: 'date', cell: took },
    {
      id: 'result',
      label: jobs.result,
      wide: true,
      kind: 'date',
      cell: (job) => (
        <>
          {canBeCancelled(job) && mayEdit(person) && (
            <Button
              size='compact-sm'
              variant='default'
              aria-label={jobs.cancelOf(jobTitle(job, nameOf))}
              onClick={() => onCancel(job)}
              {...cancelSoon}
            >
              {jobs.cancel}
            </Button>
          )}
          {job.result && <Download job={job} title={jobTitle(job, nameOf)} />}
        </>
      ),
    },
  ]
}

function Download({ job, title }: { job: Job; title: string }) {
  const download = useMutation({ ...reads, mutationFn: () => downloadResult(job.id), onError: failed })
  return (
    <Button
      size='compact-sm'
      variant='default'
      aria-label={words.jobs.downloadOf(title)}
      aria-busy={download.isPending}
      onClick={() => download.mutate()}
    >
      {words.jobs.downloadExport}
    </Button>
  )
}
