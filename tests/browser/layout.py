"""Finds layout problems without comparing screenshots."""

from playwright.sync_api import Page

_CHECK = """() => {
  const found = []
  const name = (node) => (node.ariaLabel || node.textContent || node.id || node.tagName).trim().slice(0, 60)
  const isVisible = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && node.getClientRects().length > 0
  // Not what lies under a side window or a pop-up, nor what only screen readers read.
  const layers = document.querySelectorAll('[role=dialog], [role=alertdialog]')
  const top = layers.length > 0 ? layers[layers.length - 1] : document.body
  const nodes = [...top.querySelectorAll('*')].filter((node) => isVisible(node) && !node.closest('svg, noscript'))
  const box = (node) => node.getBoundingClientRect()

  for (const node of nodes) {
    const texts = [...node.childNodes].filter((child) => child.nodeType === 3 && child.textContent.trim())
    if (texts.length === 0 || box(node).width <= 2 || node.matches('textarea, option')) continue
    let clipper = node
    while (clipper.parentElement && getComputedStyle(clipper).overflowX === 'visible') clipper = clipper.parentElement
    const clips = getComputedStyle(clipper).overflowX === 'hidden' && clipper.scrollWidth > clipper.clientWidth + 1
    if (clips && !clipper.title) found.push(`text is cut: ${name(node)}`)
    const frame = node.closest('section, [role=dialog], [role=menu], aside, nav, main')
    if (!frame) continue
    const range = document.createRange()
    for (const text of texts) {
      range.selectNodeContents(text)
      const inner = range.getBoundingClientRect(), outer = box(frame)
      // What is wider than its place and scrolls there, by mouse, finger and keyboard.
      if (clips || node.closest('[data-scrolls][tabindex="0"]')) continue
      if (inner.left < outer.left - 1 || inner.right > outer.right + 1) found.push(`text leaves its box: ${name(node)}`)
    }
  }

  // What a window has scrolled away is covered by its buttons, and not in their way.
  const seen = (node) => {
    let { left, right, top, bottom } = box(node)
    for (let outer = node.parentElement; outer; outer = outer.parentElement) {
      if (getComputedStyle(outer).overflowY === 'visible') continue
      const clip = box(outer)
      left = Math.max(left, clip.left), right = Math.min(right, clip.right)
      top = Math.max(top, clip.top), bottom = Math.min(bottom, clip.bottom)
    }
    return { left, right, top, bottom, height: box(node).height }
  }
  // What stays in place while the rest scrolls, such as the bar at the top: anything may lie under it at some moment.
  const layer = (node) => {
    while (node && !['sticky', 'fixed'].includes(getComputedStyle(node).position)) node = node.parentElement
    return node
  }
  const controls = nodes.filter((node) => node.matches('button, [role=button], input, select, textarea, a'))
    .filter((node) => !node.matches('[type=checkbox]') && box(node).width > 2)
  for (const [at, one] of controls.entries()) {
    for (const other of controls.slice(at + 1)) {
      const a = seen(one), b = seen(other)
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left)
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
      const nested = one.contains(other) || other.contains(one)
      // A button inside a field, and a bar that floats over the page.
      const meant = layer(one) !== layer(other) ||
        [one, other].some((node) => node.closest('[data-position]') || node.closest('[data-floats]'))
      if (wide > 1 && high > 1 && !nested && !meant) found.push(`overlap: ${name(one)} | ${name(other)}`)
      const isRow = one.parentElement === other.parentElement && !one.matches('a') && !other.matches('a')
      if (isRow && high > 1 && wide <= 1 && Math.abs(a.height - b.height) > 1) {
        found.push(`heights ${a.height} and ${b.height}: ${name(one)} | ${name(other)}`)
      }
    }
  }
  const width = document.documentElement.scrollWidth
  if (width > innerWidth) found.push(`the page is ${width} px wide`)
  return [...new Set(found)]
}"""


def faults(page: Page) -> list[str]:
    """Truncated or overflowing text, overlapping controls, and controls of different height in a row."""
    found: list[str] = page.evaluate(_CHECK)
    return found
