import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import type { CustomerGroup } from '../api/types'
import { Confirm } from '../feedback/confirm'
import { Notice } from '../feedback/notice'
import { done } from '../feedback/toast'
import { referencesQuery } from '../references/reference-data'
import { UsedByList } from '../references/used-by-list'
import { words } from '../words'
import { deleteGroup, groupDeleted } from './group-data'
import { groupKeys } from './group-list-data'

type Props = { group: CustomerGroup; opened: boolean; onClose: () => void }

export function DeleteGroup({ group, opened, onClose }: Props) {
  const cache = useQueryClient()
  const go = useNavigate()
  // The confirmation must show the current data.
  useEffect(() => {
    if (!opened) return
    void cache.invalidateQueries({ queryKey: groupKeys.one(group.id) })
    void cache.invalidateQueries({ queryKey: groupKeys.references(group.id) })
  }, [opened, cache, group.id])
  const { data: uses } = useQuery({ ...referencesQuery(group.id), enabled: opened })
  // A new reference must be shown before the deletion can be forced.
  const inUse = uses && uses.count > 0 ? uses : null
  const remove = useMutation({
    mutationFn: () => deleteGroup(group.id, inUse !== null),
    onSuccess: async () => {
      done(words.groups.deleted(group.name))
      await go('/customer-groups')
      groupDeleted(cache, group.id)
    },
    onError: () => cache.invalidateQueries({ queryKey: groupKeys.references(group.id) }),
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
      action={inUse ? words.usedBy.deleteAnyway : words.groups.delete}
      irreversible
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onCancel={close}
    >
      {inUse && (
        <Notice kind='choice' title={words.usedBy.inUse(inUse.count)}>
          <UsedByList references={inUse.references} count={inUse.count} />
        </Notice>
      )}
    </Confirm>
  )
}
