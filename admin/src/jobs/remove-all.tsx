import { Confirm } from '../feedback/confirm'
import { words } from './words'
import { useStartJob } from './use-start-job'
import { useToJob } from './use-to-job'

type Props = {
  groupId: string
  groupName: string
  /** The number of matches, if it is known. */
  count: string
  filter: Record<string, unknown>
  onClose: () => void
}

/** Confirms the removal of all matches by a job. */
export default function RemoveAll({ groupId, groupName, count, filter, onClose }: Props) {
  const start = useStartJob(useToJob())
  const remove = () =>
    start.mutate({
      type: 'change_members',
      customer_group_id: groupId,
      action: 'remove',
      source: { filter: { ...filter, groups: [groupId] } },
    })
  return (
    <Confirm
      opened
      title={words.members.remove}
      text={words.jobs.removeAllText(count, groupName)}
      action={words.members.continue}
      busy={start.isPending}
      error={start.error}
      onConfirm={remove}
      onCancel={onClose}
    />
  )
}
