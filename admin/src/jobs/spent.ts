import type { Person } from '../session/person'
import { words } from './words'
import { type Job, secondsTaken } from './job'

/** The duration of a job as text. */
export function took(job: Job): string {
  const seconds = secondsTaken(job)
  if (seconds === null) return words.none
  const whole = Math.max(1, Math.round(seconds))
  return whole < 60 ? words.jobs.seconds(whole) : words.jobs.minutes(Math.floor(whole / 60), whole % 60)
}

export const startedBy = (job: Job, person: Person) =>
  job.created_by === person.id ? words.history.you : (job.created_by_name ?? job.created_by)
