/** The sign of the product: rows of a hall around whoever speaks. Decorative; its name stands beside it in words. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <rect width="64" height="64" rx="18" fill="var(--accent)" />
      <g fill="none" stroke="var(--accent-ink)" strokeWidth="5" strokeLinecap="round">
        <path d="M12 44a20 20 0 0 1 40 0" />
        <path d="M22 44a10 10 0 0 1 20 0" />
      </g>
      <circle cx="32" cy="45" r="4.5" fill="var(--lamp)" />
    </svg>
  )
}
