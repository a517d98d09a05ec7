import classes from './growth.module.css'
import type { Day } from './growth'

type Props = { days: Day[]; width: number; height: number; label: string }

/** The number of customers that joined (above the axis) and left (below) each day. */
export function Bars({ days, width, height, label }: Props) {
  const most = Math.max(1, ...days.flatMap(({ joined, left }) => [joined, left]))
  const middle = height / 2
  const room = middle - 1
  const step = width / days.length
  const thick = Math.min(24, Math.max(1, step - 1))
  const start = (index: number) => index * step + (step - thick) / 2
  return (
    <svg role='img' aria-label={label} viewBox={`0 0 ${width} ${height}`} className={classes.chart}>
      <line className={classes.axis} x1={0} x2={width} y1={middle} y2={middle} />
      {days.map(({ day, joined, left }, index) => (
        <g key={day}>
          {joined > 0 && (
            <rect
              className={classes.joined}
              x={start(index)}
              y={middle - (joined / most) * room}
              width={thick}
              height={(joined / most) * room}
            />
          )}
          {left > 0 && (
            <rect className={classes.left} x={start(index)} y={middle} width={thick} height={(left / most) * room} />
          )}
        </g>
      ))}
    </svg>
  )
}
