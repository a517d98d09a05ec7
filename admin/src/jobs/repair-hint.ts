import { words } from './words'
import { type Job, requestOf } from './job'

/** What to do with the refused rows of a list. A group that is set to them alone would lose all others. */
export function repairHint(job: Job): string {
  const { refused, importing } = words
  return requestOf(job).action === 'set' ? refused.hintOfSet(importing.actions.add.label) : refused.hint
}
