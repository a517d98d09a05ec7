/** Touch screens have no keyboard, and no space for hints. */
export const isTouched = () => window.matchMedia('(pointer: coarse)').matches
