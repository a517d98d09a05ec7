import { ActionIcon, Button, Group, Menu } from '@mantine/core'
import { IconFilterPlus, IconX } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { words } from '../words'
import classes from './filters.module.css'
import { daysOf, isPreset, type Period } from './period'
import type { Change, View } from './view'

const PeriodPicker = lazy(() => import('./period-picker'))

export type FilterName = 'created' | 'updated' | 'account'

type Props = { names: readonly FilterName[]; view: View; onChange: (change: Change) => void }

/** What the list is narrowed by, each part with a button to take it away, and a menu to add more. */
export function Filters({ names, view, onChange }: Props) {
  const [picking, setPicking] = useState<'created' | 'updated' | null>(null)
  const set = names.filter((name) => view[name] !== null)
  const free = names.filter((name) => view[name] === null)
  return (
    <Group gap='xs'>
      {set.map((name) => {
        const text = words.filters.chip(words.filters[name], valueText(name, view))
        return (
          <Group key={name} gap={0} className={classes.chip}>
            <span>{text}</span>
            <ActionIcon
              size='sm'
              variant='subtle'
              color='gray'
              aria-label={words.filters.remove(text)}
              onClick={() => onChange({ [name]: null })}
            >
              <IconX size={14} aria-hidden />
            </ActionIcon>
          </Group>
        )
      })}
      {free.length > 0 && (
        <Menu position='bottom-start' withinPortal>
          <Menu.Target>
            <Button variant='default' size='xs' leftSection={<IconFilterPlus size={14} aria-hidden />}>
              {words.filters.add}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {free.flatMap((name) =>
              name === 'account'
                ? (['yes', 'no'] as const).map((account) => (
                    <Menu.Item key={account} onClick={() => onChange({ account })}>
                      {words.filters.accounts[account]}
                    </Menu.Item>
                  ))
                : [
                    <Menu.Item key={name} onClick={() => setPicking(name)}>
                      {words.filters[name]}
                    </Menu.Item>,
                  ],
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      <Suspense>
        {picking && (
          <PeriodPicker
            title={words.filters[picking]}
            onPick={(period) => onChange({ [picking]: period })}
            onClose={() => setPicking(null)}
          />
        )}
      </Suspense>
    </Group>
  )
}

function valueText(name: FilterName, view: View): string {
  if (name === 'account') return words.filters.accounts[view.account ?? 'yes']
  return periodText(view[name] ?? 'today')
}

function periodText(period: Period): string {
  if (isPreset(period)) return words.filters.periods[period]
  const { from, to } = daysOf(period)
  if (from && to) return words.filters.between(from, to)
  return from ? words.filters.since(from) : words.filters.until(to)
}
