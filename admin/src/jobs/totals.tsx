import { words } from './words'
import type { Job } from './job'
import classes from './jobs.module.css'

const outcomes = ['added', 'created', 'removed', 'unchanged', 'refused'] as const

/** The totals of a job's rows by outcome. An export only has a number of rows. */
export function Totals({ job: { type, totals } }: { job: Job }) {
  const shown =
    type === 'export' ? (['done'] as const) : outcomes.filter((name) => name !== 'created' || totals.created > 0)
  return (
    <dl className={classes.totals}>
      {shown.map((name) => (
        <div key={name} data-refused={(name === 'refused' && totals.refused > 0) || undefined}>
          <dt>{words.jobs.totals[name]}</dt>
          <dd>{words.number(totals[name])}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The same in one line, without zeros. */
export function summary({ type, totals }: Job): string {
  if (type === 'export') return words.jobs.outcomes.done(totals.done)
  return outcomes
    .filter((name) => totals[name] > 0)
    .map((name) => words.jobs.outcomes[name](totals[name]))
    .join(', ')
}
