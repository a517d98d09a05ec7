import type { ReactNode } from 'react'

export type Choice = { value: string; label: string; lang?: string }

/** The entries of a menu. One of several choices can be selected, and any number of checks. */
export type MenuEntry =
  | { label: string; icon?: ReactNode; danger?: boolean; onClick: () => void }
  | { heading: string }
  | { line: true }
  | { checks: Choice[]; checked: string[]; onCheck: (values: string[]) => void }
  | { choices: Choice[]; chosen: string; onChoose: (value: string) => void }
