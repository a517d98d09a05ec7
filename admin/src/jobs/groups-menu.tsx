import { IconArrowMerge, IconDownload, IconUpload } from '@tabler/icons-react'
import { Suspense, useState } from 'react'
import { windowCode } from '../feedback/window-code'
import { MoreMenu } from '../shell/more-menu'
import { words } from '../words'

const imports = windowCode(() => import('./import-window'))
const exports = windowCode(() => import('./export-window'))
const combines = windowCode(() => import('./combine-window'))

/** The actions for several customer groups. */
export function GroupsMenu() {
  const [opened, setOpened] = useState<'import' | 'export' | 'combine' | null>(null)
  const close = () => setOpened(null)
  const { bulk } = words
  return (
    <>
      <MoreMenu
        label={bulk.label}
        entries={[
          { label: bulk.import, icon: <IconUpload size={16} aria-hidden />, onClick: () => setOpened('import') },
          { label: bulk.export, icon: <IconDownload size={16} aria-hidden />, onClick: () => setOpened('export') },
          {
            label: bulk.combine,
            icon: <IconArrowMerge size={16} aria-hidden />,
            onClick: () => setOpened('combine'),
          },
        ]}
      />
      <Suspense>
        {opened === 'import' && <imports.Window onClose={close} />}
        {opened === 'export' && <exports.Window onClose={close} />}
        {opened === 'combine' && <combines.Window onClose={close} />}
      </Suspense>
    </>
  )
}
