import classes from './growth.module.css'
import { countBefore, type Day } from './growth'

type Props = { days: Day[]; width: number; height: number; label: string }

/** The number of customers per day, as a step line. */
export function Line({ days, width, height, label }: Props) {
  return (
    <svg role='img' aria-label={label} viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
      <path className={classes.line} d={steps(days, width, height)} />
    </svg>
  )
}

/** The path of the line, with space for its width at the edges. */
export function steps(days: Day[], width: number, height: number): string {
  const counts = [countBefore(days), ...days.map(({ count }) => count)]
  const lowest = Math.min(...counts)
  const span = Math.max(1, Math.max(...counts) - lowest)
  const x = (index: number) => round((index / days.length) * width)
  const y = (count: number) => round(height - 2 - ((count - lowest) / span) * (height - 4))
  const [first = 0, ...others] = counts
  const parts = others.map((count, index) => `H${x(index + 0.5)}V${y(count)}`)
  return `M0 ${y(first)}${parts.join('')}H${width}`
}

const round = (value: number) => Math.round(value * 10) / 10
