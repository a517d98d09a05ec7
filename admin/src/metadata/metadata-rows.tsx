import { Table } from '@mantine/core'
import { useState } from 'react'
import { words } from '../words'
import { MetadataRow } from './metadata-row'
import classes from './metadata-rows.module.css'
import { changeAt, deleteAt, insertAt, type Problems, type Row } from './rows'

type Props = { rows: Row[]; problems: Problems[]; onChange: (rows: Row[]) => void }

/** The table of keys and values. */
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
  return (
    <Table className={classes.rows} aria-label={words.metadata.title} verticalSpacing={6} withRowBorders={false}>
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
            onInsertAbove={() => insert(index)}
            onInsertBelow={() => insert(index + 1)}
            onDelete={() => remove(index)}
          />
        ))}
      </Table.Tbody>
    </Table>
  )
}
