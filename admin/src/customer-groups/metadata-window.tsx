import { Stack } from '@mantine/core'
import { useState } from 'react'
import type { CustomerGroup } from '../api/types'
import { Problem } from '../feedback/problem'
import { SideWindow } from '../feedback/side-window'
import { Stale } from '../feedback/stale'
import { done } from '../feedback/toast'
import { differences } from '../metadata/differences'
import { MetadataRows } from '../metadata/metadata-rows'
import { metadataOf, problemsOf, rowsOf } from '../metadata/rows'
import { sameMetadata } from '../metadata/value'
import { words } from '../words'
import { replaceMetadata } from './group-data'
import { useGroupEdit } from './use-group-edit'

type Props = { group: CustomerGroup; onClose: () => void }

/** The side window in which metadata is edited as a table. Save sends the whole map. */
export function MetadataWindow({ group, onClose }: Props) {
  const [rows, setRows] = useState(() => rowsOf(group.metadata))
  const problems = problemsOf(rows)
  // A key that is still missing is no mistake until somebody wants to save.
  const [tried, setTried] = useState(false)
  const faulty = problems.some(({ key, value }) => key || value)
  const edit = useGroupEdit({
    opened: group,
    send: replaceMetadata,
    sameBase: (one, other) => sameMetadata(one.metadata, other.metadata),
    onSaved: () => {
      done(words.metadata.saved)
      onClose()
    },
  })
  const { theirs } = edit
  const save = () => {
    setTried(true)
    if (!faulty) edit.save(metadataOf(rows))
  }
  return (
    <SideWindow
      opened
      title={words.metadata.editTitle}
      size='xl'
      busy={edit.isPending}
      disabled={theirs !== null}
      onClose={onClose}
      onSave={save}
    >
      <Stack>
        {theirs && !faulty && (
          <Stale
            rows={differences(theirs.metadata, metadataOf(rows))}
            onUseTheirs={() => {
              setRows(rowsOf(theirs.metadata))
              edit.takeTheirs()
            }}
            onSaveYours={() => edit.saveOver(metadataOf(rows))}
          />
        )}
        <Problem error={edit.error} />
        <MetadataRows rows={rows} problems={tried ? problems : problems.map(early)} onChange={setRows} />
      </Stack>
    </SideWindow>
  )
}

const early = ({ key }: ReturnType<typeof problemsOf>[number]) => (key === 'repeated-key' ? { key } : {})
