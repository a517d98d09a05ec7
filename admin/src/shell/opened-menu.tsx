import '@mantine/core/styles/Menu.css'
import '@mantine/core/styles/Popover.css'
import { Menu } from '@mantine/core'
import { cloneElement, type ReactElement, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useLayer } from '../feedback/use-layer'
import type { MenuEntry } from './menu-entries'

type Props = {
  button: ReactElement<Record<string, unknown>>
  entries: MenuEntry[]
  position?: 'bottom-end' | 'bottom-start' | 'top-start'
  staysOpen?: boolean
}

/** Opens as it comes, since it comes because its button was pressed. */
export default function OpenedMenu({ button, entries, position = 'bottom-end', staysOpen = false }: Props) {
  const [opened, setOpened] = useState(true)
  useLayer(opened)
  // It stands in for the button that was pressed, which had the keyboard and gets it back in the end.
  const target = useRef<HTMLElement>(null)
  useLayoutEffect(() => target.current?.focus({ preventScroll: true }), [])
  // After a choice as well, unless what was chosen has taken it. Mantine does so only from the second time on.
  useEffect(() => {
    if (opened) return
    const active = document.activeElement
    if (!active || active === document.body || active.closest('[role="menu"]')) {
      target.current?.focus({ preventScroll: true })
    }
  }, [opened])
  return (
    <Menu opened={opened} onChange={setOpened} position={position} closeOnItemClick={!staysOpen} withinPortal>
      <Menu.Target>{cloneElement(button, { ref: target })}</Menu.Target>
      <Menu.Dropdown>
        {entries.map((entry, index) => (
          <Entry key={index} {...entry} />
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function Entry(entry: MenuEntry) {
  if ('line' in entry) return <Menu.Divider />
  if ('heading' in entry) return <Menu.Label>{entry.heading}</Menu.Label>
  if ('checks' in entry) {
    return (
      <Menu.CheckboxGroup value={entry.checked} onChange={entry.onCheck}>
        {entry.checks.map(({ value, label }) => (
          <Menu.CheckboxItem key={value} value={value}>
            {label}
          </Menu.CheckboxItem>
        ))}
      </Menu.CheckboxGroup>
    )
  }
  if ('choices' in entry) {
    return (
      <Menu.RadioGroup value={entry.chosen} onChange={entry.onChoose}>
        {entry.choices.map(({ value, label, lang }) => (
          <Menu.RadioItem key={value} value={value} lang={lang}>
            {label}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    )
  }
  return (
    <Menu.Item
      leftSection={entry.icon}
      {...(entry.danger && { c: 'var(--mantine-color-error)' })}
      onClick={entry.onClick}
    >
      {entry.label}
    </Menu.Item>
  )
}
