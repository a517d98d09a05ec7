import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useAction } from '../keys/actions'
import { words } from '../words'

type Props = { label: string; q: string; first?: boolean | undefined; onSearch: (q: string) => void }

/** Searches shortly after the last key press, so that a word is one request. */
export function SearchBox({ label, q, first, onSearch }: Props) {
  const [text, setText] = useState(q)
  const [asked, setAsked] = useState(q)
  const [seen, setSeen] = useState(q)
  const search = useDebouncedCallback((wanted: string) => {
    setAsked(wanted.trim())
    onSearch(wanted.trim())
  }, 250)

  if (q !== seen) {
    setSeen(q)
    // The address was changed elsewhere (Back, or "Clear"), so the box is updated.
    if (q !== asked) {
      setAsked(q)
      setText(q)
    }
  }

  const input = useRef<HTMLInputElement>(null)
  useAction({ label: words.keys.searchList, key: '/', run: () => input.current?.select() })

  const type = (typed: string) => {
    setText(typed)
    search(typed)
  }
  return (
    <TextInput
      ref={input}
      type='search'
      size='sm'
      aria-label={label}
      data-autofocus={first || undefined}
      placeholder={words.table.search}
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
      // In a side window, Enter would submit the form.
      onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={text && <CloseButton size='sm' aria-label={words.table.clearSearch} onClick={() => type('')} />}
    />
  )
}
