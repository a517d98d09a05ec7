import { IconArrowsRight, IconDownload, IconUpload } from '@tabler/icons-react'
import { Suspense, useState } from 'react'
import { windowCode } from '../feedback/window-code'
import { MoreMenu } from '../shell/more-menu'
import { words } from '../words'

const imports = windowCode(() => import('./import-window'))
const exports = windowCode(() => import('./export-window'))
const moves = windowCode(() => import('./move-window'))

type Props = {
  group: { id: string; name: string }
  /** How many there are in all; null where the page does not know. */
  count: number | null
  /** Whether they may be changed, which they may not in an automatic group. */
  changes: boolean
}

/** What can be done with all customers of a group at once. */
export function MembersMenu({ group, count, changes }: Props) {
  const [opened, setOpened] = useState<'import' | 'export' | 'move' | null>(null)
  const close = () => setOpened(null)
  const { bulk } = words
  const add = { label: bulk.import, icon: <IconUpload size={16} aria-hidden />, onClick: () => setOpened('import') }
  const move = {
    label: bulk.moveAll,
    icon: <IconArrowsRight size={16} aria-hidden />,
    onClick: () => setOpened('move'),
  }
  return (
    <>
      <MoreMenu
        label={bulk.label}
        entries={[
          ...(changes ? [add] : []),
          { label: bulk.export, icon: <IconDownload size={16} aria-hidden />, onClick: () => setOpened('export') },
          ...(changes && count ? [move] : []),
        ]}
      />
      <Suspense>
        {opened === 'import' && <imports.Window group={group} onClose={close} />}
        {opened === 'export' && <exports.Window group={group} onClose={close} />}
        {opened === 'move' && count && (
          <moves.Window groupId={group.id} groupName={group.name} count={{ count }} onClose={close} />
        )}
      </Suspense>
    </>
  )
}
