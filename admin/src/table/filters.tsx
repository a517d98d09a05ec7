import { ActionIcon, Button, Group, UnstyledButton } from '@mantine/core'
import { IconFilterPlus, IconX } from '@tabler/icons-react'
import { Suspense, useState } from 'react'
import { lazyCode } from '../shell/lazy-code'
import type { MenuEntry } from '../shell/menu-entries'
import { MenuButton } from '../shell/menu-button'
import { words } from '../words'
import classes from './filters.module.css'
import { daysOf, isPreset, type Period } from './period'
import type { Change, View } from './view'

const PeriodPicker = lazyCode(() => import('./period-picker'))

export type FilterName = 'created' | 'updated' | 'account'
type Dated = Exclude<FilterName, 'account'>

type Props = { names: readonly FilterName[]; view: View; onChange: (change: Change) => void }

/** What the list is narrowed by, each part to be changed or taken away, and a menu to add more. */
export function Filters({ names, view, onChange }: Props) {
  const [picking, setPicking] = useState<Dated | null>(null)
  const set = names.filter((name) => view[name] !== null)
  const free = names.filter((name) => view[name] === null)
  const accounts: MenuEntry[] = (['yes', 'no'] as const).map((account) => ({
    label: words.filters.accounts[account],
    onClick: () => onChange({ account }),
  }))
  return (
    <Group gap='xs'>
      {set.map((name) => {
        const text = words.filters.chip(words.filters[name], valueText(name, view))
        const remove = () => onChange({ [name]: null })
        if (name === 'account') {
          return (
            <Chip key={name} text={text} onRemove={remove}>
              <MenuButton position='bottom-start' button={<ChipText text={text} />} entries={accounts} />
            </Chip>
          )
        }
        return (
          <Chip key={name} text={text} onRemove={remove}>
            <ChipText text={text} onClick={() => setPicking(name)} />
          </Chip>
        )
      })}
      {free.length > 0 && (
        <MenuButton
          position='bottom-start'
          button={
            <Button variant='default' size='sm' leftSection={<IconFilterPlus size={16} aria-hidden />}>
              {words.filters.add}
            </Button>
          }
          entries={free.flatMap((name) =>
            name === 'account' ? accounts : [{ label: words.filters[name], onClick: () => setPicking(name) }],
          )}
        />
      )}
      <Suspense>
        {picking && (
          <PeriodPicker
            title={words.filters[picking]}
            period={view[picking]}
            onPick={(period) => onChange({ [picking]: period })}
            onClose={() => setPicking(null)}
          />
        )}
      </Suspense>
    </Group>
  )
}

function Chip({ text, onRemove, children }: { text: string; onRemove: () => void; children: React.ReactNode }) {
  return (
    <Group gap={0} wrap='nowrap' className={classes.chip}>
      {children}
      <ActionIcon size={34} variant='subtle' color='gray' aria-label={words.filters.remove(text)} onClick={onRemove}>
        <IconX size={14} aria-hidden />
      </ActionIcon>
    </Group>
  )
}

/** Takes whatever else `MenuButton` gives its button. */
function ChipText({ text, ...button }: { text: string; onClick?: () => void }) {
  return (
    <UnstyledButton className={classes.change} aria-label={words.filters.change(text)} {...button}>
      {text}
    </UnstyledButton>
  )
}

function valueText(name: FilterName, view: View): string {
  if (name === 'account') return words.filters.accounts[view.account ?? 'yes']
  return periodText(view[name] ?? 'today')
}

export function periodText(period: Period): string {
  if (isPreset(period)) return words.filters.periods[period]
  const { from, to } = daysOf(period)
  if (from && to) return words.filters.between(from, to)
  return from ? words.filters.since(from) : words.filters.until(to)
}
