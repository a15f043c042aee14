/** A node that a provisioner could end. */
export interface ProvisionedNode {
  node: string
  zone: string
  /** `ending`: it was told to drain and has not ended yet. */
  state: 'starting' | 'up' | 'ending'
}

/**
 * Starts and ends nodes for the autoscaler. Guarantee: `up` and `down` resolve once the node has been started, or told to drain, and
 * throw a `PlenaryError` when that did not work or took too long; both are bounded in time. `list` gives only nodes that `down` can end.
 * A node that is told to drain ends in good order; a second `down` for it changes nothing.
 */
export interface Provisioner {
  list(): Promise<ProvisionedNode[]>
  up(zone: string): Promise<void>
  down(node: string): Promise<void>
  /** Lets go of what it holds: nodes that live in this process's care are drained and end with it. */
  close(): Promise<void>
}
