import { Button, Group, NativeSelect, Pagination, Text } from '@mantine/core'
import { useState } from 'react'
import type { Counted, Page } from '../api/types'
import { words } from '../words'
import { sizes } from './address'
import { type Change, pageCount, type View } from './view'

type Props = { answer: Page; shown: number; view: View; onChange: (change: Change) => void }

/** How many there are, and the ways to others: by number where all are counted, else one page after the other. */
export function Paging({ answer, shown, view, onChange }: Props) {
  const total = pageCount(answer.count, view.size)
  const isNumbered = view.cursor === null && answer.count_is_exact !== false
  // Far into a long list, the budget of the request can end before the page is full. The rest has no number.
  const isCutShort = shown < answer.limit && Boolean(answer.next_cursor)
  const from = answer.offset + 1
  const edge = { 'aria-label': words.table.previous }
  return (
    <Group justify='space-between' px='md' py='sm'>
      <Text size='sm' c='dimmed' role='status'>
        {shown === 0 || !isNumbered
          ? words.table.results(countText(answer))
          : words.table.range(from, from + shown - 1, countText(answer))}
      </Text>
      {answer.count > (sizes[0] ?? 0) && (
        <NativeSelect
          size='xs'
          ms='auto'
          aria-label={words.table.rows}
          value={view.size}
          data={sizes.map((size) => ({ value: String(size), label: words.table.perPage(size) }))}
          onChange={(event) => onChange({ size: Number(event.currentTarget.value) })}
        />
      )}
      {isNumbered && total > 1 && (
        <nav aria-label={words.table.pages}>
          <Pagination
            size='sm'
            value={view.page}
            total={total}
            onChange={(page) => onChange({ page })}
            siblings={1}
            getItemProps={(page) => ({ 'aria-label': words.table.page(page) })}
            getControlProps={(control) => (control === 'next' ? { 'aria-label': words.table.next } : edge)}
          />
        </nav>
      )}
      {(!isNumbered || isCutShort || view.page >= total) && (
        <Onward next={answer.next_cursor} view={view} onChange={onChange} />
      )}
    </Group>
  )
}

type OnwardProps = { next: string | null | undefined; view: View; onChange: (change: Change) => void }

/** From page to page by cursor, as far as the list goes. The way back is known for as long as the list is shown. */
function Onward({ next, view, onChange }: OnwardProps) {
  const [before, setBefore] = useState<Record<string, Change>>({})
  const { page, cursor } = view
  const previous = cursor === null ? undefined : before[cursor]
  const goOn = (to: string) => {
    setBefore({ ...before, [to]: { page, cursor } })
    onChange({ page: page + 1, cursor: to })
  }
  if (!next && cursor === null) return null
  return (
    <Group component='nav' gap='xs' aria-label={words.table.onward}>
      {cursor !== null && (
        <Button size='xs' variant='default' onClick={() => onChange({ page: 1 })}>
          {words.table.first}
        </Button>
      )}
      {previous && (
        <Button size='xs' variant='default' onClick={() => onChange(previous)}>
          {words.table.previous}
        </Button>
      )}
      {/* While the next page is on its way, the answer is still the one before. */}
      {next && next !== cursor && (
        <Button size='xs' variant='default' onClick={() => goOn(next)}>
          {words.table.next}
        </Button>
      )}
    </Group>
  )
}

/** The API counts up to a thousand matches, within the budget of one request. */
const mostCounted = 1_000

export function countText({ count, count_is_exact }: Counted): string {
  if (count_is_exact !== false) return words.number(count)
  return count < mostCounted ? words.table.atLeast(count) : words.table.moreThan(count)
}
