import { Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { CustomerGroup } from '../api/types'
import { Conflict } from '../edit/conflict'
import { useEdit } from '../edit/use-edit'
import { Problem } from '../feedback/problem'
import { SideWindow } from '../feedback/side-window'
import { doneWithUndo } from '../history/undo-toast'
import { MetadataRows } from '../metadata/metadata-rows'
import { metadataOf, problemsOf, type Problems, rowsOf, saySame } from '../metadata/rows'
import { changedKeys, type Metadata, only, sameValue, type Value, valueText } from '../metadata/value'
import { words } from '../words'
import { readGroup, replaceMetadata } from './group-data'
import { groupKeys } from './group-list-data'

type Props = { group: CustomerGroup; onClose: () => void }

/** The side window for editing metadata as a table. Save sends the complete metadata. */
export function MetadataWindow({ group, onClose }: Props) {
  const cache = useQueryClient()
  const [first] = useState(() => rowsOf(group.metadata))
  const [rows, setRows] = useState(first)
  const problems = problemsOf(rows)
  // A missing key is only an error when the user saves.
  const [tried, setTried] = useState(false)
  const form = useRef<HTMLDivElement>(null)
  const edit = useEdit<CustomerGroup, Value>({
    opened: group,
    fieldsOf: ({ metadata }) => metadata ?? {},
    isSame: sameValue,
    read: () => readGroup(group.id),
    send: replaceMetadata,
    onSaved: (saved, over) => {
      cache.setQueryData(groupKeys.one(saved.id), saved)
      doneWithUndo(words.metadata.saved, saved.id, difference(over.metadata ?? {}, saved.metadata ?? {}))
      onClose()
    },
  })
  const { clashes } = edit
  const save = () => {
    if (problems.every(({ key, value }) => !key && !value)) return edit.save(metadataOf(rows))
    flushSync(() => setTried(true))
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }
  return (
    <SideWindow
      opened
      title={words.metadata.editTitle}
      size='xl'
      busy={edit.isPending}
      dirty={!saySame(rows, first)}
      disabled={clashes !== null}
      onClose={onClose}
      onSave={save}
    >
      <Stack ref={form}>
        {clashes && (
          <Conflict
            clashes={clashes}
            textOf={valueText}
            onEdit={(theirs) => setRows(rowsOf(edit.decide(theirs)))}
            onSave={edit.saveDecided}
          />
        )}
        <Problem error={edit.error} />
        <MetadataRows rows={rows} problems={tried ? problems : problems.map(early)} onChange={setRows} />
      </Stack>
    </SideWindow>
  )
}

/** Errors that are shown while the user types. */
const early = ({ key, value }: Problems): Problems => ({
  ...(key && key !== 'empty-key' && { key }),
  ...(value === 'not-json' && { value }),
})

function difference(before: Metadata, after: Metadata) {
  const keys = changedKeys(before, after)
  return keys.size > 0 ? { before: { metadata: only(keys, before) }, after: { metadata: only(keys, after) } } : {}
}
