import { useMemo } from 'react'
import { HALL_WIDTH, hemicycle } from './hemicycle.ts'
import styles from './hall.module.css'

interface HallProps {
  /** Rows of seats. */
  rows: number
  /** How many seats are taken, from the middle of the first row on. */
  taken: number
  /** The seats come alight one after the other when the hall appears. */
  lively?: boolean
}

/** The hall seen from above. Decorative: whatever it shows is also said in words beside it. */
export function Hall({ rows, taken, lively = false }: HallProps) {
  const seats = useMemo(() => hemicycle(rows), [rows])
  return (
    <svg
      className={styles.hall}
      viewBox={`0 0 ${HALL_WIDTH} ${HALL_WIDTH / 2 + 14}`}
      aria-hidden="true"
      focusable="false"
    >
      {seats.map((seat, index) => (
        <circle
          key={`${seat.x}:${seat.y}`}
          className={index < taken ? styles.taken : styles.free}
          data-lively={lively || undefined}
          style={lively ? { animationDelay: `${index * 14}ms` } : undefined}
          cx={seat.x}
          cy={seat.y}
          r={4.6}
        />
      ))}
      <circle className={styles.speaker} cx={HALL_WIDTH / 2} cy={HALL_WIDTH / 2 - 2} r={7} />
    </svg>
  )
}
