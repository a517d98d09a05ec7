import { Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import table from '../table/table.module.css'
import { words } from './words'
import classes from './jobs.module.css'
import { type Column, columnKey, type Picked } from './preview'

type Props = {
  picked: Picked
  /** The selected column, or the recognized ones. */
  column?: string | null
  /** Whether customers are added: only then it matters when memberships begin and end. */
  adds?: boolean
  /** Whether the columns are those of a list of customers. */
  uses: boolean
  /** Shown next to the file's name, as a button to select another file. */
  action?: ReactNode
}

/** A preview of a file: its columns, their use, and the first rows. */
export function FilePreview({ picked, column = null, adds = false, uses, action }: Props) {
  const { importing } = words
  const { columns, rows } = picked.preview
  return (
    <Stack gap='xs'>
      <Group justify='space-between' wrap='nowrap' gap='xs'>
        <Text size='sm' fw={500} style={{ overflowWrap: 'anywhere' }}>
          <bdi>{picked.filename}</bdi>{' '}
          <Text span size='sm' c='dimmed'>
            {words.bytes(picked.file.size)}
          </Text>
        </Text>
        {action}
      </Group>
      {/* It scrolls separately, so it must be focusable. */}
      <div className={classes.scrolls} data-scrolls tabIndex={0} role='region' aria-label={importing.firstRows}>
        <table className={table.table} aria-label={importing.firstRows}>
          <thead>
            <tr>
              {columns.map((one, at) => (
                <th key={at} title={one.name}>
                  {one.name}
                  {uses && <Use column={one} chosen={column} adds={adds} />}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={at}>
                {columns.map((_, place) => (
                  <td key={place} title={row[place]}>
                    {row[place]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Stack>
  )
}

function Use({ column: { name, use }, chosen, adds }: { column: Column; chosen: string | null; adds: boolean }) {
  const names = chosen === null ? use === 'customer' : columnKey(chosen) === columnKey(name)
  const isUnused = use === 'customer' || (use === 'terms' && !adds)
  const counts = names ? 'customer' : isUnused ? 'none' : use
  return (
    <span className={classes.use} data-use={counts}>
      {words.importing.uses[counts]}
    </span>
  )
}
