import { ActionIcon, Button, type ButtonProps, Group } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { type ReactNode, Suspense, useState } from 'react'
import { usePerson } from '../session/use-person'
import { lazyCode } from '../shell/lazy-code'
import { MenuButton } from '../shell/menu-button'
import { periodText } from '../table/filters'
import { words } from '../words'
import type { HistoryFilter } from './history-filter'
import classes from './history-section.module.css'

const PeriodPicker = lazyCode(() => import('../table/period-picker'))

type Named = { actor: string; actor_name?: string | null }

type Props<Kind extends string> = {
  /** What each kind of change is called. */
  kinds: Record<Kind, string>
  /** Entries whose people can be picked. */
  entries: Named[]
  filter: HistoryFilter<Kind>
  onChange: (filter: HistoryFilter<Kind>) => void
}

/** The filters of a history: the kind of change, who made it, and when. */
export function HistoryFilters<Kind extends string>({ kinds, entries, filter, onChange }: Props<Kind>) {
  const person = usePerson()
  const [picking, setPicking] = useState(false)
  const names = new Map(entries.map(({ actor, actor_name }) => [actor, actor_name ?? actor]))
  names.set(person.id, words.history.you)
  const { kind, actor, period } = filter
  return (
    <Group gap='xs' className={classes.filters} role='group' aria-label={words.historyFilters.label}>
      <Choice
        name={words.historyFilters.kind}
        value={kind && kinds[kind]}
        choices={Object.entries<string>(kinds) as [Kind, string][]}
        onChoose={(chosen) => onChange({ ...filter, kind: chosen })}
      />
      <Choice
        name={words.historyFilters.person}
        value={actor && (names.get(actor) ?? actor)}
        choices={[...names]}
        onChoose={(chosen) => onChange({ ...filter, actor: chosen })}
      />
      <Narrowed
        name={words.historyFilters.time}
        value={period && periodText(period)}
        onRemove={() => onChange({ ...filter, period: null })}
        button={(look) => <Button {...look} onClick={() => setPicking(true)} />}
      />
      <Suspense>
        {picking && (
          <PeriodPicker
            title={words.historyFilters.time}
            period={period}
            onPick={(picked) => onChange({ ...filter, period: picked })}
            onClose={() => setPicking(false)}
          />
        )}
      </Suspense>
    </Group>
  )
}

type ChoiceProps<Value extends string> = {
  name: string
  /** What is chosen, in words. */
  value: string | null
  choices: [Value, string][]
  onChoose: (value: Value | null) => void
}

function Choice<Value extends string>({ name, value, choices, onChoose }: ChoiceProps<Value>) {
  const entries = choices.map(([choice, label]) => ({ label, onClick: () => onChoose(choice) }))
  return (
    <Narrowed
      name={name}
      value={value}
      onRemove={() => onChoose(null)}
      button={(look) => <MenuButton position='bottom-start' button={<Button {...look} />} entries={entries} />}
    />
  )
}

type NarrowedProps = {
  name: string
  value: string | null
  onRemove: () => void
  button: (look: ButtonProps & { children: string; 'aria-label'?: string }) => ReactNode
}

/** A button for a filter, and one that removes it. The first one stays when a value is chosen, to keep the focus. */
function Narrowed({ name, value, onRemove, button }: NarrowedProps) {
  const text = value === null ? name : words.filters.chip(name, value)
  const variant = value === null ? 'default' : 'light'
  return (
    <Group gap={4} wrap='nowrap'>
      {button({
        size: 'xs',
        variant,
        children: text,
        ...(value !== null && { 'aria-label': words.filters.change(text) }),
      })}
      {value !== null && (
        <ActionIcon variant='subtle' color='gray' size={30} aria-label={words.filters.remove(text)} onClick={onRemove}>
          <IconX size={14} aria-hidden />
        </ActionIcon>
      )}
    </Group>
  )
}
