import '../feedback/modal-styles'
import '@mantine/core/styles/Table.css'
import { Modal, Stack, Table, Text } from '@mantine/core'
import { useReturnFocus } from '../feedback/use-return-focus'
import { words } from '../words'
import { Bars } from './bars'
import type { Day } from './growth'
import classes from './growth.module.css'
import { Line } from './line'

type Props = { days: Day[]; isWhole: boolean; summary: string; onClose: () => void }

const width = 540

/** The large chart, joins and leaves, and a table of every day with changes. */
export default function GrowthWindow({ days, isWhole, summary, onClose }: Props) {
  useReturnFocus(true)
  const eventful = days.filter(({ joined, left }) => joined > 0 || left > 0).toReversed()
  return (
    <Modal
      opened
      onClose={onClose}
      size='lg'
      title={words.growth.title}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <Stack>
        <Text size='sm'>{summary}</Text>
        {!isWhole && (
          <Text size='sm' c='dimmed'>
            {words.growth.partly}
          </Text>
        )}
        <div className={classes.chart}>
          <Line days={days} width={width} height={120} label={words.growth.title} />
        </div>
        <Bars days={days} width={width} height={80} label={words.growth.comings} />
        {eventful.length > 0 && (
          <div className={classes.table} tabIndex={0} role='region' aria-label={words.growth.table}>
            <Table layout='fixed' aria-label={words.growth.table} stickyHeader>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{words.growth.day}</Table.Th>
                  <Table.Th>{words.growth.joined}</Table.Th>
                  <Table.Th>{words.growth.left}</Table.Th>
                  <Table.Th>{words.growth.count}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {eventful.map(({ day, joined, left, count }) => (
                  <Table.Tr key={day}>
                    <Table.Th scope='row'>{words.localDay(day)}</Table.Th>
                    <Table.Td>{words.number(joined)}</Table.Td>
                    <Table.Td>{words.number(left)}</Table.Td>
                    <Table.Td>{words.number(count)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </Stack>
    </Modal>
  )
}
