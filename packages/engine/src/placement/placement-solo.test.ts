import { soloPlacement } from './placement-solo.ts'
import { placementContract } from './placement.contract.ts'

placementContract('solo', async () => ({
  node: async (shards, epochOf) => soloPlacement({ zone: 'z', shards, epochOf }),
  close: async () => {},
}))
