import { words } from './words'
import { type Job, percent, stateOf } from './job'
import classes from './jobs.module.css'

/** The status of a job, with the percentage while it is running. */
export function JobState({ job }: { job: Job }) {
  const state = stateOf(job)
  const far = state === 'running' ? percent(job) : null
  return (
    <span className={classes.state} data-state={state}>
      {words.jobs.states[state]}
      {far !== null && ` · ${words.percent(far)}`}
    </span>
  )
}
