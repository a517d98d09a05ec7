import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { EmptyList } from '../feedback/empty-list'
import { NotLoaded } from '../feedback/not-loaded'
import { windowCode } from '../feedback/window-code'
import { usePerson } from '../session/use-person'
import { Page } from '../shell/page'
import { Section } from '../shell/section'
import { DataTable } from '../table/data-table'
import { useWindowView } from '../table/use-window-view'
import { words } from './words'
import type { Job } from './job'
import { jobColumns } from './job-columns'
import { jobsQuery } from './job-data'
import { useGroupNames } from './use-group-names'

const cancels = windowCode(() => import('./cancel-job'))

/** The list of jobs, newest first. */
export default function JobsPage() {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(jobsQuery)
  const person = usePerson()
  const rows = data?.pages.flatMap(({ jobs }) => jobs)
  const { nameOf } = useGroupNames(rows ?? [])
  const [view, change] = useWindowView('')
  const [cancelling, setCancelling] = useState<Job | null>(null)
  const { jobs } = words
  return (
    <Page title={jobs.title}>
      <Section title={jobs.title} level={1}>
        {!rows && <NotLoaded error={error} />}
        {rows?.length === 0 && <EmptyList title={jobs.empty} text={jobs.emptyText} />}
        {rows?.length !== 0 && !(error && !rows) && (
          <DataTable
            label={jobs.title}
            columns={jobColumns({ person, nameOf, onCancel: setCancelling, cancelSoon: cancels.soon })}
            rows={rows}
            view={view}
            onChange={change}
            busy={!rows}
          />
        )}
        {hasNextPage && (
          <Button m='md' size='xs' variant='default' loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {jobs.more}
          </Button>
        )}
      </Section>
      <Suspense>{cancelling && <cancels.Window job={cancelling} onClose={() => setCancelling(null)} />}</Suspense>
    </Page>
  )
}
