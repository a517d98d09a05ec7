import { Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Problem } from '../feedback/problem'
import { SideWindow } from '../feedback/side-window'
import { words } from './words'
import { Choices } from './choices'
import { GroupPicker, type PickedGroup } from './group-picker'
import { useStartJob } from './use-start-job'
import { useToJob } from './use-to-job'

type Props = {
  /** The group. If missing, all or several can be selected. */
  group?: { id: string; name: string }
  /** The initial selection. */
  groups?: PickedGroup[]
  onClose: () => void
}

const formats = ['csv', 'jsonl'] as const

/** Exports groups and their customers to a file. */
export default function ExportWindow({ group, groups = [], onClose }: Props) {
  const start = useStartJob(useToJob())
  const [which, setWhich] = useState<'all' | 'some'>(groups.length > 0 ? 'some' : 'all')
  const [picked, setPicked] = useState<PickedGroup[]>(groups)
  const [format, setFormat] = useState<(typeof formats)[number]>('csv')
  const { exporting } = words
  const chosen = group ? [group.id] : picked.map(({ id }) => id)
  const isAll = !group && which === 'all'
  return (
    <SideWindow
      opened
      title={group ? exporting.oneTitle(group.name) : exporting.title}
      busy={start.isPending}
      dirty={false}
      disabled={!isAll && chosen.length === 0}
      action={exporting.start}
      onClose={onClose}
      onSave={() => start.mutate({ type: 'export', format, ...(!isAll && { customer_group_ids: chosen }) })}
    >
      <Stack gap='lg'>
        <Text size='sm'>{exporting.text}</Text>
        {!group && (
          <Choices
            label={exporting.which}
            value={which}
            choices={[
              { value: 'all', label: exporting.all },
              { value: 'some', label: exporting.some },
            ]}
            onChoose={setWhich}
          />
        )}
        {!group && which === 'some' && (
          <GroupPicker label={exporting.pick} several picked={picked} onPick={setPicked} />
        )}
        <Choices
          label={exporting.format}
          value={format}
          choices={formats.map((value) => ({ value, ...exporting.formats[value] }))}
          onChoose={setFormat}
        />
        <Problem error={start.error} />
      </Stack>
    </SideWindow>
  )
}
