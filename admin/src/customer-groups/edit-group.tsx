import { Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { CustomerGroup } from '../api/types'
import { Problem } from '../feedback/problem'
import { SideWindow } from '../feedback/side-window'
import { Stale } from '../feedback/stale'
import { done } from '../feedback/toast'
import { words } from '../words'
import { renameGroup } from './group-data'
import { useGroupEdit } from './use-group-edit'

type Props = { group: CustomerGroup; opened: boolean; onClose: () => void }

/** The side window in which the name is changed. */
export function EditGroup({ group, opened, onClose }: Props) {
  return opened ? <NameForm group={group} onClose={onClose} /> : null
}

function NameForm({ group, onClose }: { group: CustomerGroup; onClose: () => void }) {
  const form = useForm({
    initialValues: { name: group.name },
    validate: { name: (name) => (name.trim() === '' ? words.groups.nameMissing : null) },
  })
  const edit = useGroupEdit({
    opened: group,
    send: renameGroup,
    sameBase: (one, other) => one.name === other.name,
    onSaved: () => {
      done(words.groups.saved)
      onClose()
    },
  })
  const { theirs } = edit
  return (
    <SideWindow
      opened
      title={words.groups.editTitle}
      busy={edit.isPending}
      disabled={theirs !== null}
      onClose={onClose}
      onSave={form.onSubmit(({ name }) => edit.save(name))}
    >
      <Stack>
        <TextInput
          {...form.getInputProps('name')}
          label={words.groups.name}
          maxLength={255}
          autoComplete='off'
          data-autofocus
        />
        {theirs && (
          <Stale
            rows={[{ name: words.groups.name, theirs: theirs.name, yours: form.values.name.trim() }]}
            onUseTheirs={() => {
              form.setValues({ name: theirs.name })
              edit.takeTheirs()
            }}
            onSaveYours={() => edit.saveOver(form.values.name)}
          />
        )}
        <Problem error={edit.error} />
      </Stack>
    </SideWindow>
  )
}
