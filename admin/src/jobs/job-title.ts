import { words } from './words'
import { type Job, requestOf } from './job'

type NameOf = (groupId: string) => string

/** The title of a job. */
export function jobTitle(job: Job, nameOf: NameOf): string {
  const title = titleOf(job, nameOf)
  return job.dry_run ? words.jobs.check(title) : title
}

function titleOf(job: Job, nameOf: NameOf): string {
  const { titles } = words.jobs
  const { action, customer_group_id, customer_group_ids: groups, from, to, name, into } = requestOf(job)
  const named = (id: string | null | undefined) => (id ? nameOf(id) : '')
  switch (job.type) {
    case 'change_members':
      return titles[action ?? 'add'](named(customer_group_id))
    case 'move_members':
      return titles.move(named(from), named(to))
    case 'copy_group':
      return titles.copy(named(customer_group_id), name ?? '')
    case 'combine_groups':
      return titles.combine(groups?.length ?? 0, into?.name ?? named(into?.id))
    case 'export':
      if (!groups) return titles.exportAll
      return groups.length === 1 ? titles.exportOne(named(groups[0])) : titles.exportSome(groups.length)
    case 'apply_rule':
      return titles.applyRule(named(customer_group_id))
    case 'import':
      return titles.import
  }
}
