import { Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { Suspense } from 'react'
import { Link, useParams } from 'react-router'
import { reads } from '../api/cache'
import { isMissing } from '../api/errors'
import { NotLoaded } from '../feedback/not-loaded'
import { failed } from '../feedback/toast'
import { windowCode } from '../feedback/window-code'
import { mayEdit } from '../session/person'
import { usePerson } from '../session/use-person'
import { CopyId } from '../shell/copy-id'
import { Crumbs } from '../shell/crumbs'
import { DeadEnd } from '../shell/dead-end'
import { Facts } from '../shell/facts'
import { Page } from '../shell/page'
import { Section } from '../shell/section'
import { words } from './words'
import { downloadResult } from './download'
import { canBeCancelled, isOver, type Job, requestOf } from './job'
import { JobProgress } from './job-progress'
import { JobState } from './job-state'
import { jobTitle } from './job-title'
import classes from './jobs.module.css'
import { RefusedRows } from './refused-rows'
import { startedBy, took } from './spent'
import { useGroupNames } from './use-group-names'
import { useJob } from './use-job'

const cancels = windowCode(() => import('./cancel-job'))

/** A job's page: its progress, totals, and refused rows. */
export default function JobPage() {
  const { id = '' } = useParams()
  const { data: job, error } = useJob(id)
  const { nameOf } = useGroupNames(job ? [job] : [])
  if (isMissing(error)) {
    const { missing, missingText, back } = words.jobs
    return <DeadEnd title={missing} text={missingText} to='/jobs' back={back} />
  }
  const title = job ? jobTitle(job, nameOf) : words.jobs.job
  return (
    <Page key={id} title={title}>
      {!job && <NotLoaded error={error} />}
      <Crumbs to='/jobs' list={words.jobs.title} name={job ? title : '…'} />
      {job ? <JobSection job={job} title={title} /> : <JobSkeleton />}
    </Page>
  )
}

function JobSection({ job, title }: { job: Job; title: string }) {
  const person = usePerson()
  const [cancelling, cancel] = useDisclosure(false)
  const { jobs } = words
  const stop = mayEdit(person) && canBeCancelled(job) && (
    <Button size='sm' variant='default' onClick={cancel.open} {...cancels.soon}>
      {jobs.cancel}
    </Button>
  )
  return (
    <Section title={title} level={1} note={<JobState job={job} />} actions={stop}>
      <Stack className={classes.body} gap='lg'>
        <JobProgress job={job} />
        {!isOver(job) && (
          <Text size='sm' c='dimmed'>
            {jobs.goesOn}
          </Text>
        )}
        <Ways job={job} />
        {isOver(job) && job.totals.refused > 0 && job.result && <RefusedRows job={job} />}
      </Stack>
      <Facts
        facts={[
          [words.groups.id, <CopyId key='id' id={job.id} />],
          [jobs.who, startedBy(job, person)],
          [jobs.when, words.moment(job.started_at ?? job.created_at)],
          ...(job.finished_at ? [[jobs.finished, words.moment(job.finished_at)] as [string, string]] : []),
          [jobs.took, took(job)],
        ]}
      />
      <Suspense>{cancelling && <cancels.Window job={job} onClose={cancel.close} />}</Suspense>
    </Section>
  )
}

/** Links to the result and to the changed group. */
function Ways({ job }: { job: Job }) {
  const { jobs } = words
  const download = useMutation({ ...reads, mutationFn: () => downloadResult(job.id), onError: failed })
  const group = job.customer_group_id ?? requestOf(job).customer_group_id
  if (!group && !job.result) return null
  return (
    <Stack gap={4}>
      <Group gap='xs'>
        {job.result && (
          <Button
            size='sm'
            variant={job.type === 'export' ? 'filled' : 'default'}
            aria-busy={download.isPending}
            onClick={() => download.mutate()}
          >
            {job.type === 'export' ? jobs.downloadExport : jobs.download}
          </Button>
        )}
        {group && (
          <Button size='sm' variant='default' component={Link} to={`/customer-groups/${group}`}>
            {jobs.toGroup}
          </Button>
        )}
      </Group>
      {job.result && (
        <Text size='xs' c='dimmed'>
          {jobs.resultUntil(words.day(job.result.expires_at))}
        </Text>
      )}
    </Stack>
  )
}

/** The height of a job without refused rows. */
function JobSkeleton() {
  return (
    <Section title={words.loading} level={1} note={<Skeleton height={14} my={4} width={90} />}>
      <div className={classes.body}>
        <Skeleton height={120} />
      </div>
    </Section>
  )
}
