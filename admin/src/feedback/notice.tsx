import { Alert } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './notice.module.css'

type Props = {
  /** A problem reports an error. A choice requires a decision. */
  kind: 'problem' | 'choice'
  title?: string
  children: ReactNode
}

/** Announced by screen readers when it appears. */
export function Notice({ kind, title, children }: Props) {
  return (
    <Alert
      variant='default'
      role='alert'
      title={title}
      icon={<IconAlertTriangle size={18} aria-hidden />}
      classNames={{ root: classes.notice, icon: classes.icon }}
      data-kind={kind}
    >
      {children}
    </Alert>
  )
}
