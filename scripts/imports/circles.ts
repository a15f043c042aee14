/** The circles of a graph, each as its members in the order of their names: strongly connected parts of more than one node (Tarjan 1972). */
export function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = []
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const stack: string[] = []
  const onStack = new Set<string>()

  function visit(node: string): void {
    const at = order.size
    order.set(node, at)
    lowest.set(node, at)
    stack.push(node)
    onStack.add(node)
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next)
      if (onStack.has(next)) lowest.set(node, Math.min(lowest.get(node) ?? at, lowest.get(next) ?? at))
    }
    if (lowest.get(node) !== at) return
    const part = stack.splice(stack.indexOf(node))
    for (const member of part) onStack.delete(member)
    if (part.length > 1 || graph.get(node)?.includes(node) === true) found.push(part.toSorted())
  }

  for (const node of graph.keys()) if (!order.has(node)) visit(node)
  return found
}
