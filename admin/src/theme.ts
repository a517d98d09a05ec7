import { createTheme } from '@mantine/core'

/** Also read by the build (`theme-css.ts`), so it must not import CSS or touch the browser. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  // Headings alone stand out; Mantine's medium would set buttons and labels bold as well.
  fontWeights: { regular: '400', medium: '500', bold: '600' },
  headings: { fontWeight: '600' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Mantine's dark cards have the colour of its dark buttons.
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
    // The placeholder would be a child that a menu must not have; without it the first item gets the focus.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
  },
})
