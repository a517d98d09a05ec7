import { type ComponentType, lazy } from 'react'

const failed = new Set<() => void>()

/** Code that is loaded when it is first shown. React caches a failure permanently; this one can be reset. */
export function lazyCode<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>) {
  const begin = () =>
    lazy(() =>
      load().catch((error) => {
        failed.add(() => (Loaded = begin()))
        throw error
      }),
    )
  let Loaded = begin()
  return function Code(props: Props) {
    return <Loaded {...props} />
  }
}

export const hasFailedCode = () => failed.size > 0

/** Resets failed code so that it can be loaded again. Returns whether there was any. */
export function forgetFailedCode(): boolean {
  const any = failed.size > 0
  for (const forget of failed) forget()
  failed.clear()
  return any
}
