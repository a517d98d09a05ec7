import { Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Notice } from '../feedback/notice'
import type { Counted } from '../api/types'
import { Problem } from '../feedback/problem'
import { SideWindow } from '../feedback/side-window'
import { countText } from '../table/paging'
import { words } from './words'
import { GroupPicker, type PickedGroup } from './group-picker'
import { useStartJob } from './use-start-job'
import { useToJob } from './use-to-job'

type Props = {
  groupId: string
  groupName: string
  /** Those who are moved, or what those who are moved match. Without both, all who are in the group. */
  ids?: string[]
  filter?: Record<string, unknown>
  /** How many they are, as far as it is known. */
  count: Counted
  onClose: () => void
}

/** As many as can be named in one request. */
const most = 1_000

/** Moves customers from one group to another. */
export default function MoveWindow({ groupId, groupName, ids, filter, count, onClose }: Props) {
  const start = useStartJob(useToJob())
  const [target, setTarget] = useState<PickedGroup[]>([])
  const { moving } = words
  const tooMany = ids !== undefined && ids.length > most
  const to = target[0]?.id ?? ''
  const whom = { ...(ids && { customer_ids: ids }), ...(filter && { filter }) }
  const text = filter
    ? moving.matching(countText(count), groupName)
    : ids
      ? moving.some(count.count, groupName)
      : moving.all(count.count, groupName)
  return (
    <SideWindow
      opened
      title={moving.title}
      busy={start.isPending}
      dirty={target.length > 0}
      disabled={!to || tooMany}
      action={moving.start}
      onClose={onClose}
      onSave={() => start.mutate({ type: 'move_members', from: groupId, to, ...whom })}
    >
      <Stack gap='lg'>
        <Text size='sm'>{text}</Text>
        {tooMany ? (
          <Notice kind='choice'>
            <Text size='sm'>{moving.tooMany(most)}</Text>
          </Notice>
        ) : (
          <GroupPicker label={moving.to} first except={groupId} picked={target} onPick={setTarget} />
        )}
        <Problem error={start.error} />
      </Stack>
    </SideWindow>
  )
}
