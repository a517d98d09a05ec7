import '@mantine/core/styles/Table.css'
import { NativeSelect, Table, TextInput } from '@mantine/core'
import { type ClipboardEventHandler, type KeyboardEventHandler, useEffect, useRef } from 'react'
import { words } from '../words'
import classes from './metadata-rows.module.css'
import { RowMenu } from './row-menu'
import { type Field, type Kind, kinds, type Problems, type Row } from './rows'
import { ValueField } from './value-field'

type Props = {
  row: Row
  number: number
  problems: Problems
  /** Whether to focus the row, because it was just inserted or its neighbour was deleted. */
  focused: boolean
  onFocused: () => void
  onChange: (change: Partial<Field & { key: string }>) => void
  onKeyDown: KeyboardEventHandler
  /** Only in the key. In a value, any text is pasted unchanged. */
  onPaste: ClipboardEventHandler
  onInsertAbove: () => void
  onInsertBelow: () => void
  onDelete: () => void
}

export function MetadataRow(props: Props) {
  const { row, number, problems, focused, onFocused, onChange, onKeyDown, onPaste, ...menu } = props
  const keyField = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (!focused) return
    keyField.current?.focus()
    onFocused()
  }, [focused, onFocused])
  return (
    <Table.Tr className={classes.row} onKeyDown={onKeyDown}>
      <Table.Td>
        <TextInput
          ref={keyField}
          size='xs'
          aria-label={words.metadata.keyOf(number)}
          value={row.key}
          error={problems.key && words.metadata.problems[problems.key]}
          onChange={(event) => onChange({ key: event.currentTarget.value })}
          onPaste={onPaste}
          data-autofocus={number === 1 || undefined}
          autoComplete='off'
        />
      </Table.Td>
      <Table.Td className={classes.kind}>
        <NativeSelect
          size='xs'
          aria-label={words.metadata.typeOf(number)}
          value={row.kind}
          onChange={(event) => onChange({ kind: event.currentTarget.value as Kind })}
          data={kinds.map((kind) => ({ value: kind, label: words.metadata.kinds[kind] }))}
        />
      </Table.Td>
      <Table.Td className={classes.value}>
        <ValueField
          field={row}
          label={words.metadata.valueOf(number)}
          error={problems.value && words.metadata.problems[problems.value]}
          onChange={onChange}
        />
      </Table.Td>
      <Table.Td className={classes.menu}>
        <RowMenu number={number} {...menu} />
      </Table.Td>
    </Table.Tr>
  )
}
