import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { words } from '../words'

type Props = { label: string; q: string; onSearch: (q: string) => void }

/** Searches a moment after the last letter, so that a word is one question and not one for each letter. */
export function SearchBox({ label, q, onSearch }: Props) {
  const [text, setText] = useState(q)
  const [asked, setAsked] = useState(q)
  const [seen, setSeen] = useState(q)
  const search = useDebouncedCallback((wanted: string) => {
    setAsked(wanted.trim())
    onSearch(wanted.trim())
  }, 250)

  if (q !== seen) {
    setSeen(q)
    // The address changed without us: Back, or "Clear". The box follows.
    if (q !== asked) {
      setAsked(q)
      setText(q)
    }
  }

  const type = (typed: string) => {
    setText(typed)
    search(typed)
  }
  return (
    <TextInput
      type='search'
      size='sm'
      aria-label={label}
      placeholder={words.table.search}
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
      // Inside a side window, Enter would save what is selected so far.
      onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={text && <CloseButton size='sm' aria-label={words.table.clearSearch} onClick={() => type('')} />}
    />
  )
}
