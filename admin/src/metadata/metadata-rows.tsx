import '@mantine/core/styles/Table.css'
import { Button, Table } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type ClipboardEvent, type KeyboardEvent, useState } from 'react'
import { words } from '../words'
import { MetadataRow } from './metadata-row'
import classes from './metadata-rows.module.css'
import { changeAt, deleteAt, insertAt, pasteAt, type Problems, type Row } from './rows'
import { cellsOf, isTable } from './spreadsheet'

type Props = { rows: Row[]; problems: Problems[]; onChange: (rows: Row[]) => void }

/** The table of keys and values. Enter moves to the next row, and pasted cells of a spreadsheet fill rows. */
export function MetadataRows({ rows, problems, onChange }: Props) {
  const [focused, setFocused] = useState<number | null>(null)

  const insert = (index: number) => {
    const more = insertAt(rows, index)
    onChange(more)
    setFocused(more[index]?.id ?? null)
  }
  const remove = (index: number) => {
    const fewer = deleteAt(rows, index)
    onChange(fewer)
    setFocused((fewer[index] ?? fewer.at(-1))?.id ?? null)
  }
  const enter = (event: KeyboardEvent, index: number) => {
    if (!goesOn(event)) return
    event.preventDefault()
    if (index === rows.length - 1) insert(rows.length)
    else setFocused(rows[index + 1]?.id ?? null)
  }
  const paste = (event: ClipboardEvent, index: number) => {
    const text = event.clipboardData.getData('text/plain')
    if (!isTable(text)) return
    event.preventDefault()
    onChange(pasteAt(rows, index, cellsOf(text)))
  }
  return (
    <>
      <Table
        className={classes.rows}
        layout='fixed'
        aria-label={words.metadata.title}
        verticalSpacing={6}
        withRowBorders={false}
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.metadata.key}</Table.Th>
            <Table.Th className={classes.kind}>{words.metadata.type}</Table.Th>
            <Table.Th>{words.metadata.value}</Table.Th>
            <Table.Td className={classes.menu} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, index) => (
            <MetadataRow
              key={row.id}
              row={row}
              number={index + 1}
              problems={problems[index] ?? {}}
              focused={focused === row.id}
              onFocused={() => setFocused(null)}
              onChange={(change) => onChange(changeAt(rows, index, change))}
              onKeyDown={(event) => enter(event, index)}
              onPaste={(event) => paste(event, index)}
              onInsertAbove={() => insert(index)}
              onInsertBelow={() => insert(index + 1)}
              onDelete={() => remove(index)}
            />
          ))}
        </Table.Tbody>
      </Table>
      <Button
        className={classes.add}
        size='xs'
        variant='default'
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => insert(rows.length)}
      >
        {words.metadata.addRow}
      </Button>
    </>
  )
}

/** Enter in a single-line field. JSON has several lines, and buttons use Enter themselves. */
function goesOn({ key, shiftKey, ctrlKey, metaKey, altKey, nativeEvent, target }: KeyboardEvent): boolean {
  if (key !== 'Enter' || shiftKey || ctrlKey || metaKey || altKey || nativeEvent.isComposing) return false
  return target instanceof HTMLElement && target.matches('input, select, textarea:not([data-lines])')
}
