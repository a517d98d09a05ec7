import '../feedback/modal-styles'
import '@mantine/core/styles/Combobox.css'
import '@mantine/core/styles/Kbd.css'
import { Combobox, Kbd, Loader, Modal, Text, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import { lastFocused } from '../feedback/last-focused'
import { Problem } from '../feedback/problem'
import { prefetchPage } from '../pages'
import { words } from '../words'
import { type Action, useActions } from './actions'
import classes from './find-window.module.css'
import { type Place, usePlaces } from './find-data'
import { keyName } from './key-name'
import { isTouched } from './touch'

/** Searches groups, customers and actions by name. */
export default function FindWindow({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const [q] = useDebouncedValue(text.trim(), 150)
  const { data, error, isFetching } = usePlaces(q)
  // This window itself is not a result.
  const actions = useActions().filter(({ key, label }) => key !== 'mod+k' && contains(label, text))
  const places = text.trim() === '' ? undefined : data
  const options = useCombobox({ opened: true })
  const [opener] = useState(lastFocused)
  const go = useNavigate()
  const { selectFirstOption, selectOption, resetSelectedOption } = options
  const isCurrent = text.trim() === '' || data?.q === text.trim()
  // Results of the previous search stay until the next ones are there, but Enter must not open one of them.
  const staleResults = isCurrent || !places ? 0 : places.groups.length + places.customers.length
  useEffect(() => {
    if (staleResults === 0) selectFirstOption()
    else if (actions.length > 0) selectOption(staleResults)
    else resetSelectedOption()
  }, [text, places, staleResults, actions.length, selectFirstOption, selectOption, resetSelectedOption])

  const leave = (onward: () => void) => {
    onClose()
    // The next window returns the focus to where it was before this window.
    opener?.focus({ preventScroll: true })
    onward()
  }
  const take = (value: string) => {
    const action = actions.find(({ label }) => `do ${label}` === value)
    leave(() => (action ? action.run() : void go(value)))
  }
  const closeByKey = ({ key }: KeyboardEvent) => key === 'Escape' && leave(() => {})
  return (
    <Modal
      opened
      onClose={() => leave(() => {})}
      yOffset='12dvh'
      centered={false}
      padding={0}
      withCloseButton={false}
      attributes={{ content: { 'aria-label': words.keys.find } }}
    >
      <Combobox store={options} onOptionSubmit={take}>
        <Combobox.EventsTarget withExpandedAttribute>
          <TextInput
            size='md'
            variant='unstyled'
            className={classes.search}
            data-autofocus
            aria-label={words.keys.find}
            placeholder={words.keys.findWhat}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={closeByKey}
            leftSection={<IconSearch size={18} aria-hidden />}
            rightSection={isFetching && <Loader size={16} aria-label={words.loading} />}
          />
        </Combobox.EventsTarget>
        <Combobox.Options className={classes.found} aria-label={words.keys.found}>
          <Places label={words.groups.title} places={places?.groups} />
          <Places label={words.customers.title} places={places?.customers} />
          {actions.length > 0 && (
            <Combobox.Group label={words.keys.actions}>
              {actions.map((action) => (
                <ActionOption key={action.label} action={action} />
              ))}
            </Combobox.Group>
          )}
        </Combobox.Options>
        <Problem error={error} />
        {places?.q === text.trim() && places.groups.length + places.customers.length + actions.length === 0 && (
          <Text size='sm' c='dimmed' p='md' role='status'>
            {words.table.noMatch}
          </Text>
        )}
      </Combobox>
    </Modal>
  )
}

function Places({ label, places = [] }: { label: string; places?: Place[] | undefined }) {
  if (places.length === 0) return null
  return (
    <Combobox.Group label={label}>
      {places.map(({ to, name, note }) => (
        <Combobox.Option key={to} value={to} className={classes.option ?? ''} onMouseEnter={() => prefetchPage(to)}>
          <bdi>{name}</bdi>
          {note && (
            <Text size='xs' c='dimmed' span>
              {note}
            </Text>
          )}
        </Combobox.Option>
      ))}
    </Combobox.Group>
  )
}

function ActionOption({ action: { label, key } }: { action: Action }) {
  return (
    <Combobox.Option value={`do ${label}`} className={classes.option ?? ''}>
      {label}
      {key && !isTouched() && (
        <Kbd size='xs' aria-hidden>
          {keyName(key)}
        </Kbd>
      )}
    </Combobox.Option>
  )
}

/** Whether every word of the text is the beginning of a word in the label. */
const contains = (label: string, text: string) =>
  text
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => label.toLocaleLowerCase().includes(word))
