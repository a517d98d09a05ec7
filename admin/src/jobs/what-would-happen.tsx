import { Loader, Stack, Text, Title } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { Problem } from '../feedback/problem'
import { words } from './words'
import { JobProgress } from './job-progress'
import { RefusedRows } from './refused-rows'
import type { CheckedJob } from './use-checked-job'

/** The dry run of a job: its progress, what would happen, and which rows would be refused. */
export function WhatWouldHappen({ work: { check, error, isChecking, mayStart } }: { work: CheckedJob }) {
  const { importing } = words
  const place = useRef<HTMLDivElement>(null)
  const shows = check !== null
  // Scrolled into view, because it is below the form on small screens.
  useEffect(() => {
    if (shows) place.current?.scrollIntoView({ block: 'nearest' })
  }, [shows, mayStart])
  return (
    <>
      <Problem error={error} />
      {isChecking && !check && !error && <Loader size='xs' aria-label={words.loading} />}
      {check && (
        <Stack ref={place} gap='md' role='region' aria-label={importing.whatWould}>
          <Title order={3} size='h5'>
            {importing.whatWould}
          </Title>
          <JobProgress job={check} />
          {mayStart && check.totals.refused > 0 && check.result && <RefusedRows job={check} />}
          {mayStart && (
            <Text size='sm' role='status'>
              {importing.nothingYet}
            </Text>
          )}
        </Stack>
      )}
    </>
  )
}
