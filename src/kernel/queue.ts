/**
 * The event queue: a binary heap ordered by (time, priority, sequence). The sequence makes the order total, so that two events of
 * one instant are handled in the order in which they were scheduled, in every engine.
 */
import type { Millis } from './time.ts'

/** One scheduled event. `sequence` is unique within a queue and rises with every push. */
export interface Scheduled<Event> {
  readonly at: Millis
  /** Smaller is earlier among events of one instant. */
  readonly priority: number
  readonly sequence: number
  readonly event: Event
}

/** What a queue is made of, as plain data: enough to go on from, elsewhere. */
export interface QueueSnapshot<Event> {
  readonly sequence: number
  readonly entries: readonly Scheduled<Event>[]
}

/** A priority queue of events. Push and pop cost O(log n). */
export class EventQueue<Event> {
  readonly #heap: Scheduled<Event>[] = []
  readonly #cancelled = new Set<number>()
  #sequence = 0

  /** Schedules `event` and returns the sequence number by which it can be cancelled. */
  push(at: Millis, priority: number, event: Event): number {
    this.#sequence += 1
    this.#heap.push({ at, priority, sequence: this.#sequence, event })
    this.#siftUp(this.#heap.length - 1)
    return this.#sequence
  }

  /** Takes a waiting event back. Must not be called for an event that was already popped. */
  cancel(sequence: number): void {
    this.#cancelled.add(sequence)
  }

  /** The next event without taking it, or undefined when none waits. */
  peek(): Scheduled<Event> | undefined {
    this.#dropCancelled()
    return this.#heap[0]
  }

  /** Takes the next event, or undefined when none waits. */
  pop(): Scheduled<Event> | undefined {
    this.#dropCancelled()
    return this.#take()
  }

  /** How many events wait, cancelled ones included until they come to the front. */
  get size(): number {
    return this.#heap.length
  }

  /** Copies the waiting events, in the order in which they would be popped. Events themselves are shared, so they must be immutable. */
  snapshot(): QueueSnapshot<Event> {
    const entries = this.#heap.filter((entry) => !this.#cancelled.has(entry.sequence)).sort(compare)
    return { sequence: this.#sequence, entries }
  }

  /** A queue that goes on where `snapshot` was taken. */
  static restore<Event>(snapshot: QueueSnapshot<Event>): EventQueue<Event> {
    const queue = new EventQueue<Event>()
    for (const entry of snapshot.entries) queue.#heap.push(entry)
    queue.#sequence = snapshot.sequence
    return queue
  }

  #dropCancelled(): void {
    while (this.#cancelled.size > 0 && this.#heap.length > 0 && this.#cancelled.delete(this.#heap[0]!.sequence))
      this.#take()
  }

  #take(): Scheduled<Event> | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    heap[0] = last
    this.#siftDown()
    return first
  }

  #siftUp(from: number): void {
    const heap = this.#heap
    const entry = heap[from]!
    let index = from
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (compare(heap[parent]!, entry) <= 0) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = entry
  }

  #siftDown(): void {
    const heap = this.#heap
    const entry = heap[0]!
    const half = heap.length >> 1
    let index = 0
    while (index < half) {
      let child = 2 * index + 1
      if (child + 1 < heap.length && compare(heap[child + 1]!, heap[child]!) < 0) child += 1
      if (compare(entry, heap[child]!) <= 0) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = entry
  }
}

function compare<Event>(a: Scheduled<Event>, b: Scheduled<Event>): number {
  return a.at - b.at || a.priority - b.priority || a.sequence - b.sequence
}
