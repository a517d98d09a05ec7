import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import type { Customer } from '../api/types'
import { Confirm } from '../feedback/confirm'
import { done } from '../feedback/toast'
import { words } from '../words'
import { customerKeys, deleteCustomer } from './customer-data'

type Props = { customer: Customer; opened: boolean; onClose: () => void }

export function DeleteCustomer({ customer, opened, onClose }: Props) {
  const cache = useQueryClient()
  const go = useNavigate()
  const name = customer.email ?? customer.id
  const remove = useMutation({
    mutationFn: () => deleteCustomer(customer.id),
    onSuccess: async () => {
      done(words.customers.deleted(name))
      await go('/customers')
      cache.removeQueries({ queryKey: customerKeys.one(customer.id) })
    },
  })
  const close = () => {
    onClose()
    remove.reset()
  }
  return (
    <Confirm
      opened={opened}
      title={words.customers.deleteTitle}
      text={words.customers.deleteText(name, customer.groups?.length ?? 0)}
      action={words.customers.delete}
      irreversible
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onCancel={close}
    />
  )
}
