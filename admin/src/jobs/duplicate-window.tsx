import { Checkbox, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { CustomerGroup } from '../api/types'
import { nameProblem } from '../customer-groups/group-name'
import { Problem } from '../feedback/problem'
import { SideWindow } from '../feedback/side-window'
import { words } from './words'
import { useStartJob } from './use-start-job'
import { useToJob } from './use-to-job'

type Props = { group: CustomerGroup; onClose: () => void }

/** Creates a group with the same metadata and, if selected, the same customers. */
export default function DuplicateWindow({ group, onClose }: Props) {
  const start = useStartJob(useToJob())
  const { duplicating } = words
  const form = useForm({
    initialValues: { name: duplicating.nameOf(group.name), withMembers: true },
    validate: { name: nameProblem },
  })
  return (
    <SideWindow
      opened
      title={duplicating.title}
      busy={start.isPending}
      dirty={form.isDirty()}
      action={duplicating.start}
      onClose={onClose}
      onSave={form.onSubmit(({ name, withMembers }) =>
        start.mutate({
          type: 'copy_group',
          customer_group_id: group.id,
          name: name.trim(),
          with_members: withMembers,
        }),
      )}
    >
      <Stack>
        <Text size='sm'>{duplicating.text(group.name)}</Text>
        <TextInput {...form.getInputProps('name')} label={words.groups.name} autoComplete='off' data-autofocus />
        <Checkbox
          {...form.getInputProps('withMembers', { type: 'checkbox' })}
          label={duplicating.withMembers(group.customer_count)}
        />
        <Problem error={start.error} />
      </Stack>
    </SideWindow>
  )
}
