import { createTheme } from '@mantine/core'

/** Also read by the build (`theme-css.ts`), so it must not import CSS or touch the browser. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  // Only headings are bold. Mantine's medium weight would make buttons and labels bold as well.
  fontWeights: { regular: '400', medium: '500', bold: '600' },
  headings: { fontWeight: '600' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Mantine's dark cards have the color of its dark buttons.
    Card: { defaultProps: { bg: 'var(--card)' } },
    // Mantine's scroll lock writes a <style> element, which the content policy forbids; `theme.css` locks instead.
    Modal: {
      defaultProps: { lockScroll: false, returnFocus: false, centered: true, overlayProps: { backgroundOpacity: 0.4 } },
    },
    Drawer: {
      defaultProps: {
        lockScroll: false,
        returnFocus: false,
        position: 'right',
        overlayProps: { backgroundOpacity: 0.4 },
      },
    },
    // Menus must not contain the placeholder as a child. Without it, the first item gets the focus.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
  },
})
