/** Whether this process may do, at this moment, what only one of all may do. */
export interface Leadership {
  leading(): boolean
}
