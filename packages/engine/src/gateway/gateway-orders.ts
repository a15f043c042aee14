/** What a gateway is told over the bus. */
export interface GatewayOrder {
  /** So many clients are to connect elsewhere. */
  sendOn: number
  /** Milliseconds they may take for it. */
  within: number
}

export const gatewayTopic = (node: string) => `gateway.${node}`
