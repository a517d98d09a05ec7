/** Which ways to other pages a list offers. */
import { MantineProvider } from '@mantine/core'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { Page } from '../src/api/types'
import { Paging } from '../src/table/paging'
import { VIEW } from './a-view'

const first: Page = { count: 6_500, offset: 0, limit: 20, next_cursor: 'next' }

/** The names of the navigations below a page. */
function waysFrom(answer: Page, shown: number, page = 1): string[] {
  const html = renderToStaticMarkup(
    <MantineProvider>
      <Paging answer={answer} shown={shown} view={{ ...VIEW, page }} onChange={() => undefined} />
    </MantineProvider>,
  )
  return ['Pages', 'More pages'].filter((name) => html.includes(`aria-label="${name}"`))
}

test('a full page of a counted list offers pages by number', () => {
  expect(waysFrom(first, 20)).toEqual(['Pages'])
})

test('a page that the budget cut short also goes on by cursor', () => {
  const far = { ...first, offset: 4_800 }
  expect(waysFrom(far, 0, 241)).toEqual(['Pages', 'More pages'])
  expect(waysFrom(far, 7, 241)).toEqual(['Pages', 'More pages'])
})

test('the last page goes nowhere', () => {
  expect(waysFrom({ ...first, count: 27, offset: 20, next_cursor: null }, 7, 2)).toEqual(['Pages'])
})

test('a list that is not counted is paged through by cursor', () => {
  expect(waysFrom({ ...first, count: 1_000, count_is_exact: false }, 20)).toEqual(['More pages'])
})
