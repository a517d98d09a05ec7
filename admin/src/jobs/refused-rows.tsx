import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Problem } from '../feedback/problem'
import table from '../table/table.module.css'
import { words } from './words'
import { save } from './download'
import type { Job } from './job'
import classes from './jobs.module.css'
import { readRefused } from './refused'
import { repairHint } from './repair-hint'

/** Finding the refused rows requires the whole result. Long results are only loaded on request. */
const readAtOnce = 20_000

/** The refused rows with their reasons, and as a file to correct. */
export function RefusedRows({ job }: { job: Job }) {
  const [wanted, setWanted] = useState(job.totals.rows <= readAtOnce)
  const { refused } = words
  const { data, error, refetch } = useQuery({
    queryKey: ['jobs', 'refused', job.id],
    queryFn: ({ signal }) => readRefused(job.id, signal),
    enabled: wanted,
    staleTime: Infinity,
  })
  return (
    <Stack gap='sm' role='region' aria-label={refused.title}>
      <Group justify='space-between' gap='xs'>
        <Title order={3} size='h5'>
          {refused.title}
        </Title>
        {data && (
          <Button size='xs' variant='default' onClick={() => save(data.file, data.filename)}>
            {refused.download}
          </Button>
        )}
        {!wanted && (
          <Button size='xs' variant='default' onClick={() => setWanted(true)}>
            {refused.show}
          </Button>
        )}
      </Group>
      {wanted && !data && !error && <Loader size='xs' aria-label={words.loading} />}
      <Problem error={error} onRetry={() => void refetch()} />
      {data && (
        <>
          <table className={`${table.table} ${classes.table}`} aria-label={refused.title}>
            <thead>
              <tr>
                <th data-narrow data-number>
                  {refused.line}
                </th>
                <th>{refused.value}</th>
                <th>{refused.why}</th>
              </tr>
            </thead>
            <tbody>
              {data.first.map(({ line, value, message }, at) => (
                <tr key={at}>
                  <td data-narrow data-number>
                    {line}
                  </td>
                  <td>
                    <bdi>{value}</bdi>
                  </td>
                  <td>{message}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {data.first.length < job.totals.refused && (
            <Text size='sm' c='dimmed'>
              {refused.first(data.first.length, job.totals.refused)}
            </Text>
          )}
          {job.type === 'change_members' && (
            <Text size='sm' c='dimmed'>
              {repairHint(job)}
            </Text>
          )}
        </>
      )}
    </Stack>
  )
}
