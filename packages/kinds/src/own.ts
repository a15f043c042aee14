/** A record's own value: never one that it inherits, whatever the key. */
export function own<K extends PropertyKey, V>(record: Record<K, V>, key: K): V | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
