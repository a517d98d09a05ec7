import { Alert } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './notice.module.css'

type Props = {
  /** A problem says that something did not work; a choice asks for one. */
  kind: 'problem' | 'choice'
  title?: string
  children: ReactNode
}

/** Said aloud by screen readers as soon as it shows. */
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
