import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import type { CustomerGroup } from '../api/types'
import { Confirm } from '../feedback/confirm'
import { done } from '../feedback/toast'
import { words } from '../words'
import { deleteGroup, groupDeleted } from './group-data'

type Props = { group: CustomerGroup; opened: boolean; onClose: () => void }

export function DeleteGroup({ group, opened, onClose }: Props) {
  const cache = useQueryClient()
  const go = useNavigate()
  const remove = useMutation({
    mutationFn: () => deleteGroup(group.id),
    onSuccess: async () => {
      done(words.groups.deleted(group.name))
      await go('/customer-groups')
      groupDeleted(cache, group.id)
    },
  })
  const close = () => {
    onClose()
    remove.reset()
  }
  return (
    <Confirm
      opened={opened}
      title={words.groups.deleteTitle}
      text={words.groups.deleteText(group.name, group.customer_count)}
      action={words.groups.delete}
      irreversible
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onCancel={close}
    />
  )
}
