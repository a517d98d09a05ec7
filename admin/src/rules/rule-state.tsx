import { Anchor, Button, Group, Loader, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { Link } from 'react-router'
import { changed } from '../api/cache'
import type { CustomerGroup } from '../api/types'
import { changeGroup, groupQuery } from '../customer-groups/group-data'
import { failed } from '../feedback/toast'
import { jobQuery } from '../jobs/job-data'
import { mayEdit } from '../session/person'
import { usePerson } from '../session/use-person'
import { words } from './words'

/** The time between two requests for the group while its rule is applied, in ms. */
const pause = 2_000

/** Whether the rule is being applied to all customers. Shows nothing once it is, and then reads the members again. */
export function RuleState({ group }: { group: CustomerGroup }) {
  const isApplying = group.rule_status === 'applying'
  useQuery({ ...groupQuery(group.id), refetchInterval: isApplying && pause })
  const jobId = group.rule_job_id ?? ''
  const { data: job } = useQuery({ ...jobQuery(jobId), enabled: isApplying && jobId !== '' })
  const before = useRef(isApplying)
  useEffect(() => {
    if (before.current && !isApplying) changed()
    before.current = isApplying
  }, [isApplying])
  if (!isApplying) return null
  const hasFailed = job?.status === 'failed' || job?.status === 'cancelled'
  return (
    <Group gap='xs' role='status'>
      {!hasFailed && <Loader size='xs' aria-hidden />}
      <Text size='sm'>{hasFailed ? words.rules.notApplied : words.rules.applying}</Text>
      {jobId && (
        <Anchor component={Link} to={`/jobs/${jobId}`} size='sm'>
          {words.rules.showJob}
        </Anchor>
      )}
      {hasFailed && <ApplyAgain group={group} />}
    </Group>
  )
}

/** Saves the same rule once more, which starts another job. */
function ApplyAgain({ group }: { group: CustomerGroup }) {
  const editor = mayEdit(usePerson())
  const apply = useMutation({ mutationFn: () => changeGroup(group, { rule: group.rule }), onError: failed })
  return (
    editor && (
      <Button size='xs' variant='default' loading={apply.isPending} onClick={() => apply.mutate()}>
        {words.rules.applyAgain}
      </Button>
    )
  )
}
