import { Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import type { CustomerGroup } from '../api/types'
import { Conflict } from '../edit/conflict'
import { changedFields, type Fields } from '../edit/merge'
import { keyProblem } from '../edit/own-key'
import { useEdit } from '../edit/use-edit'
import { Problem } from '../feedback/problem'
import { SideWindow } from '../feedback/side-window'
import { doneWithUndo } from '../history/undo-toast'
import { words } from '../words'
import { changeGroup, readGroup } from './group-data'
import { groupKeys } from './group-list-data'
import { nameProblem } from './group-name'

type Props = { group: CustomerGroup; opened: boolean; onClose: () => void }

/** The side window for changing the name and the key. */
export function EditGroup({ group, opened, onClose }: Props) {
  return opened ? <GroupForm group={group} onClose={onClose} /> : null
}

const valuesOf = ({ name, key }: CustomerGroup) => ({ name, key: key ?? '' })
const labelOf = (field: string) => (field === 'key' ? words.groups.key : words.groups.name)
const withNull = ({ name, key }: Fields<string>) => ({
  ...(name !== undefined && { name }),
  ...(key !== undefined && { key: key || null }),
})

const changed = (before: CustomerGroup, after: CustomerGroup) => ({
  before: { name: before.name, key: before.key },
  after: { name: after.name, key: after.key },
})

function GroupForm({ group, onClose }: { group: CustomerGroup; onClose: () => void }) {
  const cache = useQueryClient()
  const form = useForm({ initialValues: valuesOf(group), validate: { name: nameProblem, key: keyProblem } })
  const edit = useEdit({
    opened: group,
    fieldsOf: valuesOf,
    isSame: (one, other) => one === other,
    read: () => readGroup(group.id),
    send: (base, fields) => changeGroup(base, withNull(changedFields(valuesOf(base), fields))),
    onSaved: (saved, over) => {
      cache.setQueryData(groupKeys.one(saved.id), saved)
      doneWithUndo(words.groups.saved, saved.id, changed(over, saved))
      onClose()
    },
  })
  const { clashes } = edit
  return (
    <SideWindow
      opened
      title={words.groups.editTitle}
      busy={edit.isPending}
      dirty={form.isDirty()}
      disabled={clashes !== null}
      onClose={onClose}
      onSave={form.onSubmit(({ name, key }) => edit.save({ name: name.trim(), key: key.trim() }))}
    >
      <Stack>
        <TextInput {...form.getInputProps('name')} label={words.groups.name} autoComplete='off' data-autofocus />
        <TextInput
          {...form.getInputProps('key')}
          label={words.groups.key}
          description={words.groups.keyHint}
          autoComplete='off'
        />
        {clashes && (
          <Conflict
            clashes={clashes}
            labelOf={labelOf}
            textOf={(text) => text || words.none}
            onEdit={(theirs) => form.setValues(edit.decide(theirs))}
            onSave={edit.saveDecided}
          />
        )}
        <Problem error={edit.error} />
      </Stack>
    </SideWindow>
  )
}
