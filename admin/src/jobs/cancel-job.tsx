import { useMutation } from '@tanstack/react-query'
import { Confirm } from '../feedback/confirm'
import { words } from './words'
import type { Job } from './job'
import { cancelJob } from './job-data'

type Props = { job: Job; onClose: () => void }

/** Confirms that a job is stopped. */
export default function CancelJob({ job, onClose }: Props) {
  const { cancel, cancelTitle, cancelText } = words.jobs
  const stop = useMutation({ mutationFn: () => cancelJob(job.id), onSuccess: onClose })
  return (
    <Confirm
      opened
      title={cancelTitle}
      text={cancelText}
      action={cancel}
      busy={stop.isPending}
      error={stop.error}
      onConfirm={() => stop.mutate()}
      onCancel={onClose}
    />
  )
}
