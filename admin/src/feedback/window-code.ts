import type { ComponentType } from 'react'
import { lazyCode } from '../shell/lazy-code'

/** A window's code is loaded when it opens; `soon` loads it when the pointer is over its button. */
export function windowCode<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>) {
  const fetch = () => void load().catch(() => null)
  return { Window: lazyCode(load), soon: { onPointerEnter: fetch, onFocus: fetch } }
}
