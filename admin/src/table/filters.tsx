import { ActionIcon, Button, Group, UnstyledButton } from '@mantine/core'
import { IconFilterPlus, IconX } from '@tabler/icons-react'
import { Suspense, useState } from 'react'
import { lazyCode } from '../shell/lazy-code'
import type { MenuEntry } from '../shell/menu-entries'
import { MenuButton } from '../shell/menu-button'
import { words } from '../words'
import classes from './filters.module.css'
import { type Choice, choices, type Dated, type FilterName, isChoice } from './choices'
import { daysOf, isPreset, type Period } from './period'
import type { Change, View } from './view'

const PeriodPicker = lazyCode(() => import('./period-picker'))

type Props = { names: readonly FilterName[]; view: View; onChange: (change: Change) => void }

/** What the list is narrowed by, each part to be changed or taken away, and a menu to add more. */
export function Filters({ names, view, onChange }: Props) {
  const [picking, setPicking] = useState<Dated | null>(null)
  const set = names.filter((name) => view[name] !== null)
  const free = names.filter((name) => view[name] === null)
  const entriesOf = (name: FilterName): MenuEntry[] =>
    isChoice(name)
      ? choices[name].map((choice) => ({
          label: choiceText(name, choice),
          onClick: () => onChange({ [name]: choice }),
        }))
      : [{ label: words.filters[name], onClick: () => setPicking(name) }]
  return (
    <Group gap='xs'>
      {set.map((name) => {
        const text = words.filters.chip(words.filters[name], valueText(name, view))
        const remove = () => onChange({ [name]: null })
        if (isChoice(name)) {
          return (
            <Chip key={name} text={text} onRemove={remove}>
              <MenuButton position='bottom-start' button={<ChipText text={text} />} entries={entriesOf(name)} />
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
          entries={free.flatMap(entriesOf)}
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
  if (isChoice(name)) return choiceText(name, view[name] ?? choices[name][0])
  return periodText(view[name] ?? 'today')
}

const choiceText = (name: Choice, choice: string) =>
  (words.filters.choices[name] as Record<string, string>)[choice] ?? choice

export function periodText(period: Period): string {
  if (isPreset(period)) return words.filters.periods[period]
  const { from, to } = daysOf(period)
  if (from && to) return words.filters.between(from, to)
  return from ? words.filters.since(from) : words.filters.until(to)
}
