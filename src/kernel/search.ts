/**
 * How many of the items, which stand in ascending order of `keyOf`, have a key up to `limit`. O(log items).
 *
 * Pure: the one binary search, for whatever looks up an instant or a place in a list of records.
 */
export function countUpTo<Item>(items: readonly Item[], limit: number, keyOf: (item: Item) => number): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (keyOf(items[middle]!) <= limit) low = middle + 1
    else high = middle
  }
  return low
}
