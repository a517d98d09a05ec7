import { Group, Pagination, Text } from '@mantine/core'
import type { Page } from '../api/types'
import { words } from '../words'
import { pageCount, type View } from './view'

type Props = { answer: Page; shown: number; view: View; onPage: (page: number) => void }

export function Paging({ answer, shown, view, onPage }: Props) {
  const total = pageCount(answer.count, view.size)
  const from = answer.offset + 1
  const edge = { 'aria-label': words.table.previous }
  return (
    <Group justify='space-between' px='md' py='sm'>
      <Text size='sm' c='dimmed' role='status'>
        {shown === 0
          ? words.table.results(countText(answer))
          : words.table.range(from, from + shown - 1, countText(answer))}
      </Text>
      {total > 1 && (
        <nav aria-label={words.table.pages}>
          <Pagination
            size='sm'
            value={view.page}
            total={total}
            onChange={onPage}
            siblings={1}
            getItemProps={(page) => ({ 'aria-label': words.table.page(page) })}
            getControlProps={(control) => (control === 'next' ? { 'aria-label': words.table.next } : edge)}
          />
        </nav>
      )}
      {answer.count > pageCount(answer.count, view.size) * view.size && view.page === total && (
        <Text size='sm' c='dimmed'>
          {words.table.end(total * view.size)}
        </Text>
      )}
    </Group>
  )
}

/** Beyond ten thousand matches the API stops counting. */
export function countText({ count, count_is_exact }: Page): string {
  return count_is_exact === false ? words.table.atLeast(count) : words.number(count)
}
