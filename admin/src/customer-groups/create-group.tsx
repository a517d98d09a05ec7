import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { Problem } from '../feedback/problem'
import { useReturnFocus } from '../feedback/use-return-focus'
import { done } from '../feedback/toast'
import { words } from '../words'
import { createGroup, groupChanged } from './group-data'

type Props = { onClose: () => void }

/** The form that opens with Create. It leads to the new group's page. */
export default function CreateGroup({ onClose }: Props) {
  useReturnFocus(true)
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (name) => (name.trim() === '' ? words.groups.nameMissing : null) },
  })
  const cache = useQueryClient()
  const go = useNavigate()
  const create = useMutation({
    mutationFn: createGroup,
    onSuccess: (group) => {
      void groupChanged(cache, group)
      done(words.groups.created_(group.name))
      void go(`/customer-groups/${group.id}`)
    },
  })
  return (
    <Modal opened onClose={onClose} title={words.groups.createTitle} closeButtonProps={{ 'aria-label': words.close }}>
      <form onSubmit={form.onSubmit(({ name }) => create.mutate(name))} noValidate>
        <Stack>
          <Text size='sm' c='dimmed'>
            {words.groups.createHint}
          </Text>
          <TextInput
            {...form.getInputProps('name')}
            label={words.groups.name}
            maxLength={255}
            autoComplete='off'
            data-autofocus
          />
          <Problem error={create.error} />
          <Group justify='flex-end' gap='sm'>
            <Button variant='default' onClick={onClose}>
              {words.cancel}
            </Button>
            <Button type='submit' loading={create.isPending}>
              {words.groups.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
