import { Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { nameProblem } from '../customer-groups/group-name'
import { SideWindow } from '../feedback/side-window'
import { words } from './words'
import { Choices } from './choices'
import { GroupPicker, type PickedGroup } from './group-picker'
import { useCheckedJob } from './use-checked-job'
import { useToJob } from './use-to-job'
import { WhatWouldHappen } from './what-would-happen'

type Operation = 'union' | 'intersection' | 'difference'
type Into = 'new' | 'present'

type Props = {
  /** The initial selection. */
  groups?: PickedGroup[]
  onClose: () => void
}

/** Creates a group with the customers of any, all, or only the first of several groups. */
export default function CombineWindow({ groups = [], onClose }: Props) {
  const work = useCheckedJob(useToJob())
  const [operation, setOperation] = useState<Operation>('union')
  const [picked, setPicked] = useState<PickedGroup[]>(groups)
  const [into, setInto] = useState<Into>('new')
  const [name, setName] = useState('')
  const [target, setTarget] = useState<PickedGroup[]>([])
  const [touched, setTouched] = useState(false)
  const { combining } = words
  const busy = work.isPending || work.isChecking
  const problem = into === 'new' ? nameProblem(name) : null
  const ready = picked.length > 1 && !problem && (into === 'new' || target.length > 0)
  /** The result of the check does not apply any more. */
  const anew =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      work.again()
      set(value)
    }
  const ask = async () => ({
    type: 'combine_groups' as const,
    operation,
    customer_group_ids: picked.map(({ id }) => id),
    into: into === 'new' ? { name: name.trim() } : { id: target[0]?.id ?? '' },
  })
  return (
    <SideWindow
      opened
      title={combining.title}
      size='lg'
      busy={busy}
      dirty={picked.length > groups.length || name !== '' || target.length > 0}
      disabled={!ready}
      action={work.mayStart ? combining.start : words.importing.check}
      onClose={onClose}
      onSave={() => work.go(ask)}
    >
      <Stack gap='lg'>
        <GroupPicker label={combining.groups} several first picked={picked} disabled={busy} onPick={anew(setPicked)} />
        <Choices
          label={combining.operation}
          value={operation}
          disabled={busy}
          choices={(['union', 'intersection', 'difference'] as const).map((value) => ({
            value,
            ...combining.operations[value],
          }))}
          onChoose={anew(setOperation)}
        />
        <Choices
          label={combining.into}
          value={into}
          disabled={busy}
          choices={[
            { value: 'new', label: combining.newGroup },
            { value: 'present', label: combining.presentGroup, description: combining.presentHint },
          ]}
          onChoose={anew(setInto)}
        />
        {into === 'new' ? (
          <TextInput
            label={combining.name}
            value={name}
            autoComplete='off'
            disabled={busy}
            error={touched ? problem : null}
            onBlur={() => setTouched(true)}
            onChange={(event) => anew(setName)(event.currentTarget.value)}
          />
        ) : (
          <GroupPicker label={combining.target} picked={target} disabled={busy} onPick={anew(setTarget)} />
        )}
        <WhatWouldHappen work={work} />
      </Stack>
    </SideWindow>
  )
}
