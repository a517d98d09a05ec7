import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { ApiError } from '../api/errors'
import type { Customer } from '../api/types'
import { changedFields } from '../edit/merge'
import { Conflict } from '../edit/conflict'
import { useEdit } from '../edit/use-edit'
import { done } from '../feedback/toast'
import { SideWindow } from '../feedback/side-window'
import { hasUnsavedEntry } from '../feedback/use-unsaved'
import { runUndo } from '../history/undo-toast'
import { words } from '../words'
import { createCustomer, customerKeys, type Profile, readCustomer, updateCustomer } from './customer-data'
import { ProfileFields } from './profile-fields'
import { labelOf, problemsOf, profileOf, valuesOf } from './profile-values'

/** The side window for a new customer's profile. It leads to their page. */
export function CreateCustomer({ onClose }: { onClose: () => void }) {
  const form = useForm({ initialValues: valuesOf(), validate: problemsOf })
  const go = useNavigate()
  const create = useMutation({
    mutationFn: (profile: Profile) => createCustomer(profile),
    onSuccess: ({ id, email }) => {
      done(words.customers.created_(email ?? id))
      // Not before, because closing takes back the history entry that the new page replaces.
      void Promise.resolve(go(`/customers/${id}`, { replace: hasUnsavedEntry() })).then(onClose)
    },
    onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
  })
  return (
    <SideWindow
      opened
      title={words.customers.createTitle}
      action={words.customers.create}
      busy={create.isPending}
      dirty={form.isDirty()}
      onClose={onClose}
      onSave={form.onSubmit((values) => create.mutate(profileOf(values)))}
    >
      <ProfileFields form={form} error={create.error} />
    </SideWindow>
  )
}

/** The side window in which a customer's profile is changed. What others change meanwhile is kept. */
export function EditCustomer({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const form = useForm({ initialValues: valuesOf(customer), validate: problemsOf })
  const cache = useQueryClient()
  const edit = useEdit<Customer, string | null>({
    opened: customer,
    fieldsOf: (one) => profileOf(valuesOf(one)),
    isSame: (one, other) => one === other,
    read: () => readCustomer(customer.id),
    send: (base, profile) => updateCustomer(base, changedFields(profileOf(valuesOf(base)), profile)),
    onSaved: (saved, over) => {
      cache.setQueryData(customerKeys.one(saved.id), saved)
      const [before, after] = [profileOf(valuesOf(over)), profileOf(valuesOf(saved))]
      const changes = changedFields(before, after)
      const undo = async () =>
        (await import('./undo-customer')).undoProfile(saved.id, changedFields(after, before), changes)
      done(words.customers.saved, Object.keys(changes).length > 0 ? () => void runUndo(undo) : undefined)
      onClose()
    },
    onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
  })
  const { clashes } = edit
  return (
    <SideWindow
      opened
      title={words.customers.editTitle}
      busy={edit.isPending}
      dirty={form.isDirty()}
      disabled={clashes !== null}
      onClose={onClose}
      onSave={form.onSubmit((values) => edit.save(profileOf(values)))}
    >
      {clashes && (
        <Conflict
          clashes={clashes}
          labelOf={labelOf}
          textOf={(text) => text ?? words.none}
          onEdit={(theirs) => form.setValues(valuesOf(edit.decide(theirs)))}
          onSave={edit.saveDecided}
        />
      )}
      <ProfileFields form={form} error={edit.error} />
    </SideWindow>
  )
}
