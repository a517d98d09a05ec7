import { Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { ApiError } from '../api/errors'
import type { Customer } from '../api/types'
import { Problem } from '../feedback/problem'
import { SideWindow } from '../feedback/side-window'
import { done } from '../feedback/toast'
import { words } from '../words'
import { createCustomer, customerKeys, type Profile, updateCustomer } from './customer-data'

type Props = { customer?: Customer; onClose: () => void }

const fields = [
  ['email', words.customers.email, 'email'],
  ['first_name', words.customers.firstName, 'text'],
  ['last_name', words.customers.lastName, 'text'],
  ['company_name', words.customers.company, 'text'],
  ['phone', words.customers.phone, 'tel'],
] as const

type Values = { [field in keyof Profile]: string }

/** The side window for a new customer's profile, or to change one. */
export function CustomerForm({ customer, onClose }: Props) {
  const form = useForm<Values>({
    initialValues: valuesOf(customer),
    validate: { email: (email) => (/^\S+@\S+$/.test(email.trim()) ? null : words.customers.emailMissing) },
  })
  const cache = useQueryClient()
  const go = useNavigate()
  const save = useMutation({
    mutationFn: (profile: Profile) => (customer ? updateCustomer(customer.id, profile) : createCustomer(profile)),
    onSuccess: ({ id, email }) => {
      void cache.invalidateQueries({ queryKey: customerKeys.all })
      void cache.invalidateQueries({ queryKey: ['customer-groups', 'members'] })
      done(customer ? words.customers.saved : words.customers.created_(email ?? id))
      onClose()
      if (!customer) void go(`/customers/${id}`)
    },
    onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
  })
  return (
    <SideWindow
      opened
      title={customer ? words.customers.editTitle : words.customers.createTitle}
      action={customer ? words.save : words.customers.create}
      busy={save.isPending}
      onClose={onClose}
      onSave={form.onSubmit((values) => save.mutate(profileOf(values)))}
    >
      <Stack>
        {fields.map(([field, label, type], index) => (
          <TextInput
            key={field}
            {...form.getInputProps(field)}
            label={label}
            type={type}
            autoComplete='off'
            data-autofocus={index === 0 || undefined}
          />
        ))}
        <Problem error={save.error} />
      </Stack>
    </SideWindow>
  )
}

function valuesOf(customer?: Customer): Values {
  const entries = fields.map(([field]) => [field, customer?.[field] ?? ''])
  return Object.fromEntries(entries)
}

/** What was left empty is unknown, not an empty text. */
function profileOf({ email, ...others }: Values): Profile {
  const known = Object.entries(others).map(([field, text]) => [field, text.trim() || null])
  return { ...Object.fromEntries(known), email: email.trim() }
}
