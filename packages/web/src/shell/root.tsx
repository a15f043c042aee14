import { Outlet } from '@tanstack/react-router'
import { Suspense } from 'react'
import { PageLoading } from './page-loading.tsx'

/** What surrounds every page; the pages bring their own landmarks. */
export function Root() {
  return (
    <Suspense fallback={<PageLoading />}>
      <Outlet />
    </Suspense>
  )
}
