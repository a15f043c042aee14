/** The figures of a node at `/metrics`, each the sum over its labels unless one is asked for by them. */
export async function metricsOf(url: string): Promise<(name: string, labels?: string) => number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return (name, labels = '') => {
    const own = lines.filter((line) => line.split(/[ {]/, 1)[0] === name && line.includes(labels))
    return own.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
  }
}
