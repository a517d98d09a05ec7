import '../feedback/modal-styles'
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { Problem } from '../feedback/problem'
import { useReturnFocus } from '../feedback/use-return-focus'
import { done } from '../feedback/toast'
import { Unsaved } from '../feedback/unsaved'
import { hasUnsavedEntry, useUnsaved } from '../feedback/use-unsaved'
import { words } from '../words'
import { createGroup } from './group-data'
import { groupKeys } from './group-list-data'
import { nameProblem } from './group-name'

type Props = { onClose: () => void }

/** The form of the Create button. Navigates to the new group's page. */
export default function CreateGroup({ onClose }: Props) {
  useReturnFocus(true)
  const form = useForm({ initialValues: { name: '' }, validate: { name: nameProblem } })
  const { asking, requestClose, keep, discard } = useUnsaved(form.isDirty(), onClose)
  const cache = useQueryClient()
  const go = useNavigate()
  const create = useMutation({
    mutationFn: createGroup,
    onSuccess: (group) => {
      cache.setQueryData(groupKeys.one(group.id), group)
      done(words.groups.created_(group.name))
      // Not before, because closing takes back the history entry that the new page replaces.
      void Promise.resolve(go(`/customer-groups/${group.id}`, { replace: hasUnsavedEntry() })).then(onClose)
    },
  })
  return (
    <Modal
      opened
      onClose={requestClose}
      closeOnEscape={!asking}
      title={words.groups.createTitle}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <form onSubmit={form.onSubmit(({ name }) => create.mutate(name))} noValidate>
        <Stack>
          <Text size='sm' c='dimmed'>
            {words.groups.createHint}
          </Text>
          <TextInput {...form.getInputProps('name')} label={words.groups.name} autoComplete='off' data-autofocus />
          <Problem error={create.error} />
          <Group justify='flex-end' gap='sm'>
            <Button variant='default' onClick={requestClose}>
              {words.cancel}
            </Button>
            <Button type='submit' loading={create.isPending}>
              {words.groups.create}
            </Button>
          </Group>
        </Stack>
      </form>
      <Unsaved opened={asking} onKeep={keep} onDiscard={discard} />
    </Modal>
  )
}
