import { Button, Group, Stack, Table, Text } from '@mantine/core'
import { words } from '../words'
import { Notice } from './notice'
import classes from './stale.module.css'

type Props = {
  rows: { name: string; theirs: string; yours: string }[]
  onUseTheirs: () => void
  onSaveYours: () => void
}

/** Both versions of what was changed twice, and the choice between them. */
export function Stale({ rows, onUseTheirs, onSaveYours }: Props) {
  return (
    <Notice kind='choice' title={words.stale.title}>
      <Stack gap='sm'>
        <Text size='sm'>{words.stale.text}</Text>
        <Table className={classes.versions} aria-label={words.stale.title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.stale.key}</Table.Th>
              <Table.Th>{words.stale.theirs}</Table.Th>
              <Table.Th>{words.stale.yours}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ name, theirs, yours }) => (
              <Table.Tr key={name}>
                <Table.Th scope='row'>{name}</Table.Th>
                <Table.Td>{theirs}</Table.Td>
                <Table.Td>{yours}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Group gap='sm'>
          <Button variant='default' onClick={onUseTheirs}>
            {words.stale.useTheirs}
          </Button>
          <Button onClick={onSaveYours}>{words.stale.saveYours}</Button>
        </Group>
      </Stack>
    </Notice>
  )
}
