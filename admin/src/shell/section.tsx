import { Card, Group, Title } from '@mantine/core'
import { type ReactNode, type Ref, useId } from 'react'
import classes from './section.module.css'

type Props = {
  title: string
  /** The page's own heading, or one of its sections'. */
  level?: 1 | 2
  note?: ReactNode
  actions?: ReactNode
  children?: ReactNode
  ref?: Ref<HTMLElement>
}

/** A white card with its heading on the left and its actions on the right. */
export function Section({ title, level = 2, note, actions, children, ref }: Props) {
  const id = useId()
  return (
    <Card ref={ref} component='section' withBorder padding={0} aria-labelledby={id}>
      <Group className={classes.header} justify='space-between' wrap='nowrap' align='flex-start'>
        <div className={classes.heading}>
          <Title id={id} order={level} size='h4' {...(level === 1 && { tabIndex: -1, 'data-page-heading': true })}>
            {title}
          </Title>
          {note}
        </div>
        <Group gap='xs' wrap='nowrap' className={classes.actions}>
          {actions}
        </Group>
      </Group>
      {children}
    </Card>
  )
}
