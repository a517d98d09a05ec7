import { t } from '@lingui/core/macro'

/** Messages that lead to jobs. The messages of jobs are in `jobs.ts`. */
export const bulk = {
  jobs: t`Jobs`,
  label: t`Import, export and more`,
  import: t`Import`,
  export: t`Export`,
  move: t`Move to…`,
  moveAll: t`Move all to…`,
  duplicate: t`Duplicate`,
  combine: t`Combine`,
}
