import { Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Notice } from '../feedback/notice'
import { Problem } from '../feedback/problem'
import { SideWindow } from '../feedback/side-window'
import { mayAdminister } from '../session/person'
import { usePerson } from '../session/use-person'
import { TermsFields, useTerms } from '../membership/terms-fields'
import { words } from './words'
import { ChooseFile } from './choose-file'
import { FilePreview } from './file-preview'
import { type PickedGroup, GroupPicker } from './group-picker'
import { ImportOptions, type Options } from './import-options'
import type { StartJob } from './job-data'
import { type Preview, recognized } from './preview'
import { useCheckedJob } from './use-checked-job'
import { useFile } from './use-file'
import { useToJob } from './use-to-job'
import { WhatWouldHappen } from './what-would-happen'

type Props = {
  /** The group to import into. If missing, the file or the user determines it. */
  group?: { id: string; name: string }
  onClose: () => void
}

const asFirst: Options = { action: 'add', createMissing: false, column: null }

/** The import: file, preview, action, check, and start. */
export default function ImportWindow({ group, onClose }: Props) {
  const admin = mayAdminister(usePerson())
  const file = useFile()
  const work = useCheckedJob(useToJob())
  const [options, setOptions] = useState(asFirst)
  const [target, setTarget] = useState<PickedGroup[]>([])
  const { terms, ...times } = useTerms()
  const adds = options.action === 'add'
  const { importing } = words
  const { picked } = file
  const groupId = group?.id ?? target[0]?.id
  const brings = picked?.preview.isExport ? 'groups' : 'customers'
  const fault = brings === 'groups' ? (group ? importing.isExport : admin ? null : importing.adminsOnly) : null
  const named = picked && (options.column !== null || recognized(picked.preview).length > 0)
  const ready = fault === null && (brings === 'groups' || (named && groupId !== undefined && !(adds && times.fault)))
  const busy = work.isPending || work.isChecking
  const choose = (one: File) => {
    work.again()
    setOptions(asFirst)
    file.choose(one)
  }
  const forget = () => {
    work.again()
    file.forget()
  }
  const ask = async (): Promise<StartJob> => {
    if (!picked) throw new Error('There is no file')
    const uploadId = await file.send(picked)
    return brings === 'groups'
      ? { type: 'import', upload_id: uploadId }
      : { ...changeMembers(groupId ?? '', uploadId, options, admin), ...(adds && terms) }
  }
  return (
    <SideWindow
      opened
      title={group ? importing.membersTitle(group.name) : importing.title}
      size='xl'
      busy={busy}
      dirty={picked !== undefined}
      disabled={!picked || !ready}
      action={work.mayStart ? importing.start : importing.check}
      note={file.percent !== null && <span role='status'>{importing.uploading(words.percent(file.percent))}</span>}
      onClose={onClose}
      onSave={() => work.go(ask)}
    >
      <Stack gap='lg'>
        {!picked && <ChooseFile hint={group ? importing.membersHint : importing.hint} onChoose={choose} />}
        <Problem error={file.error} />
        {picked && (
          <FilePreview
            picked={picked}
            column={options.column}
            adds={adds}
            uses={brings === 'customers'}
            action={
              <Button size='xs' variant='default' flex='none' onClick={forget} disabled={busy}>
                {importing.other}
              </Button>
            }
          />
        )}
        {picked && <Brings preview={picked.preview} fault={fault} />}
        {picked && brings === 'customers' && (
          <>
            {!group && (
              <GroupPicker
                label={importing.toGroup}
                picked={target}
                disabled={busy}
                onPick={(groups) => {
                  work.again()
                  setTarget(groups)
                }}
              />
            )}
            <ImportOptions
              preview={picked.preview}
              options={options}
              mayCreate={admin}
              disabled={busy}
              onChange={(change) => {
                work.again()
                setOptions({ ...options, ...change })
              }}
            />
            {adds && (
              <TermsFields
                {...times}
                disabled={busy}
                setTimes={(changed) => {
                  work.again()
                  times.setTimes(changed)
                }}
              />
            )}
          </>
        )}
        <WhatWouldHappen work={work} />
      </Stack>
    </SideWindow>
  )
}

/** Whether the file contains groups, or why it cannot be imported here. */
function Brings({ preview, fault }: { preview: Preview; fault: string | null }) {
  if (!preview.isExport) return null
  if (!fault) return <Text size='sm'>{words.importing.bringsBack}</Text>
  return (
    <Notice kind='choice'>
      <Text size='sm'>{fault}</Text>
    </Notice>
  )
}

function changeMembers(groupId: string, uploadId: string, options: Options, admin: boolean): StartJob {
  const { action, createMissing, column } = options
  return {
    type: 'change_members',
    customer_group_id: groupId,
    action,
    source: { upload_id: uploadId, ...(column !== null && { column }) },
    ...(admin && createMissing && action !== 'remove' && { create_missing: true }),
  }
}
