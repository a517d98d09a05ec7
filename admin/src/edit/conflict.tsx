import '@mantine/core/styles/Table.css'
import { Button, Group, Radio, Stack, Table, Text } from '@mantine/core'
import '@mantine/core/styles/Radio.css'
import { useEffect, useRef, useState } from 'react'
import { Notice } from '../feedback/notice'
import { words } from '../words'
import classes from './conflict.module.css'
import type { Clash } from './merge'

type Props<Value> = {
  clashes: Clash<Value>[]
  labelOf?: (name: string) => string
  textOf: (value: Value) => string
  /** Continues editing with the chosen values. */
  onEdit: (takeTheirs: ReadonlySet<string>) => void
  onSave: (takeTheirs: ReadonlySet<string>) => void
}

/** The fields that two users changed: the original, their value and yours, with a choice for each. */
export function Conflict<Value>({ clashes, labelOf = (name) => name, textOf, onEdit, onSave }: Props<Value>) {
  const [theirs, setTheirs] = useState<ReadonlySet<string>>(new Set())
  const place = useRef<HTMLDivElement>(null)
  // The pressed button is disabled, so it would lose the focus.
  useEffect(() => place.current?.focus(), [])
  const choose = (name: string, isTheirs: boolean) => {
    const chosen = new Set(theirs)
    if (isTheirs) chosen.add(name)
    else chosen.delete(name)
    setTheirs(chosen)
  }
  const shown = (value: Value | undefined) => (value === undefined ? words.conflict.gone : textOf(value))
  return (
    <div ref={place} tabIndex={-1} className={classes.conflict}>
      <Notice kind='choice' title={words.conflict.title}>
        <Stack gap='sm'>
          <Text size='sm'>{words.conflict.text}</Text>
          <Table className={classes.versions} aria-label={words.conflict.title}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.conflict.field}</Table.Th>
                <Table.Th>{words.conflict.before}</Table.Th>
                <Table.Th>{words.conflict.theirs}</Table.Th>
                <Table.Th>{words.conflict.yours}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {clashes.map(({ name, before, theirs: their, yours }) => (
                <Table.Tr key={name}>
                  <Table.Th scope='row'>{labelOf(name)}</Table.Th>
                  <Table.Td data-label={words.conflict.before}>{shown(before)}</Table.Td>
                  {[true, false].map((isTheirs) => (
                    <Table.Td
                      key={String(isTheirs)}
                      data-label={isTheirs ? words.conflict.theirs : words.conflict.yours}
                    >
                      <Radio
                        size='sm'
                        name={`choice ${name}`}
                        label={shown(isTheirs ? their : yours)}
                        aria-label={
                          isTheirs ? words.conflict.takeTheirs(labelOf(name)) : words.conflict.keepYours(labelOf(name))
                        }
                        checked={theirs.has(name) === isTheirs}
                        onChange={() => choose(name, isTheirs)}
                      />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Group gap='sm'>
            <Button variant='default' onClick={() => onEdit(theirs)}>
              {words.conflict.edit}
            </Button>
            <Button onClick={() => onSave(theirs)}>{words.conflict.save}</Button>
          </Group>
        </Stack>
      </Notice>
    </div>
  )
}
