/**
 * The event queue: a binary heap ordered by (time, priority, sequence). The sequence makes the order total, so that two events of
 * one instant are handled in the order in which they were scheduled, in every engine.
 *
 * Most of what is scheduled in a cluster are timers that are set anew, often before they are due. A timer owns its entry: set anew, or taken
 * back and set again, it keeps its place in the heap and is put where it belongs only when it comes to the front. All other entries are
 * used again by whatever comes next; nobody outside may keep one.
 */
import type { Millis } from './time.ts'

/** One scheduled event. `sequence` is unique within a queue and rises with every push. */
export interface Scheduled<Event> {
  readonly at: Millis
  /** Smaller is earlier among events of one instant. */
  readonly priority: number
  readonly sequence: number
  /** By which it can be cancelled, or set where it is owned. */
  readonly handle: number
  readonly event: Event
}

/** What a queue is made of, as plain data: enough to go on from, elsewhere. */
export interface QueueSnapshot<Event> {
  readonly sequence: number
  readonly entries: readonly Scheduled<Event>[]
  /** Handles of entries that have an owner, waiting or not. */
  readonly owned: readonly number[]
}

/** A priority queue of events. Push and pop cost O(log n). */
export class EventQueue<Event> {
  readonly #heap: Entry<Event>[] = []
  /** When each of the heap is due: most comparisons need no more, and these stand side by side. */
  readonly #times: Millis[] = []
  /** All entries by handle. */
  readonly #slots: Entry<Event>[] = []
  /** Entries that wait for their next use. */
  readonly #free: Entry<Event>[] = []
  #sequence = 0

  /** Schedules `event` and returns the handle by which it can be cancelled until it is popped. */
  push(at: Millis, priority: number, event: Event): number {
    this.#sequence += 1
    const entry = this.#free.pop() ?? this.#newSlot()
    fill(entry, at, priority, this.#sequence, event)
    this.#insert(entry)
    return entry.handle
  }

  /** Takes a waiting event back. Must not be called for an event that was already popped, but by the owner of its entry. */
  cancel(handle: number): void {
    const entry = this.#slots[handle]!
    entry.isCancelled = true
    entry.event = undefined
  }

  /** Gives an entry of one's own, which waits for nothing yet. Returns its handle, good until {@link disown}. */
  own(): number {
    const entry = this.#free.pop() ?? this.#newSlot()
    entry.isOwned = true
    return entry.handle
  }

  /** What {@link cancel} and {@link push} would do together, for an entry of one's own; in O(1) where it waits and becomes due later. */
  set(handle: number, at: Millis, event: Event): void {
    const entry = this.#slots[handle]!
    this.#sequence += 1
    if (!entry.isInHeap) {
      fill(entry, at, 0, this.#sequence, event)
      this.#insert(entry)
    } else if (at < entry.at) {
      fill(entry, at, 0, this.#sequence, event)
      this.#siftUp(this.#heap.indexOf(entry))
    } else {
      entry.dueAt = at
      entry.dueSequence = this.#sequence
      entry.isCancelled = false
      entry.event = event
    }
  }

  /** Gives an entry of one's own up, with whatever it waits for. */
  disown(handle: number): void {
    const entry = this.#slots[handle]!
    this.cancel(handle)
    entry.isOwned = false
    if (!entry.isInHeap) this.#free.push(entry)
  }

  /** The next event without taking it, or undefined when none waits. Valid until the queue changes. */
  peek(): Scheduled<Event> | undefined {
    this.#settle()
    // Whatever is settled at the front has an event.
    return this.#heap[0] as Scheduled<Event> | undefined
  }

  /** Takes the next event, or undefined when none waits. Valid until the queue changes. */
  pop(): Scheduled<Event> | undefined {
    const next = this.peek()
    if (next !== undefined) this.#take()
    return next
  }

  /** Takes what {@link peek} has just given. */
  drop(): void {
    this.#take()
  }

  /** How many events wait, cancelled ones included until they come to the front. */
  get size(): number {
    return this.#heap.length
  }

  /** Copies the waiting events, in the order in which they would be popped. Events themselves are shared, so they must be immutable. */
  snapshot(): QueueSnapshot<Event> {
    const entries = this.#heap
      .filter((entry) => !entry.isCancelled)
      .map(({ dueAt: at, priority, dueSequence: sequence, handle, event }) => ({
        at,
        priority,
        sequence,
        handle,
        event: event as Event,
      }))
    const owned = this.#slots.filter((entry) => entry.isOwned).map(({ handle }) => handle)
    return { sequence: this.#sequence, entries: entries.sort(compare), owned }
  }

  /** A queue that goes on where `snapshot` was taken; handles mean what they meant. */
  static restore<Event>({ sequence, entries, owned }: QueueSnapshot<Event>): EventQueue<Event> {
    const queue = new EventQueue<Event>()
    const used = new Set([...entries.map(({ handle }) => handle), ...owned])
    const slots = [...used].reduce((most, handle) => Math.max(most, handle + 1), 0)
    for (let handle = 0; handle < slots; handle++) queue.#newSlot()
    for (const handle of owned) queue.#slots[handle]!.isOwned = true
    for (const { at, priority, sequence: own, handle, event } of entries) {
      const entry = queue.#slots[handle]!
      fill(entry, at, priority, own, event)
      entry.isInHeap = true
      queue.#heap.push(entry)
      queue.#times.push(at)
    }
    queue.#free.push(...queue.#slots.filter(({ handle }) => !used.has(handle)))
    queue.#sequence = sequence
    return queue
  }

  #newSlot(): Entry<Event> {
    const handle = this.#slots.length
    const entry = {
      at: 0,
      priority: 0,
      sequence: 0,
      handle,
      dueAt: 0,
      dueSequence: 0,
      isCancelled: true,
      isOwned: false,
      isInHeap: false,
      event: undefined,
    }
    this.#slots.push(entry)
    return entry
  }

  /** Drops what was cancelled from the front, and moves away what was postponed. */
  #settle(): void {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.isCancelled) this.#take()
      else if (first.dueSequence !== first.sequence) {
        first.at = first.dueAt
        first.sequence = first.dueSequence
        this.#siftDown(first, first.at)
      } else return
    }
  }

  #take(): void {
    const heap = this.#heap
    const first = heap[0]!
    const last = heap.pop()!
    const time = this.#times.pop()!
    first.isInHeap = false
    if (!first.isOwned) this.#free.push(first)
    if (first !== last) this.#siftDown(last, time)
  }

  #insert(entry: Entry<Event>): void {
    entry.isInHeap = true
    this.#heap.push(entry)
    this.#times.push(entry.at)
    this.#siftUp(this.#heap.length - 1)
  }

  #siftUp(from: number): void {
    const heap = this.#heap
    const times = this.#times
    const entry = heap[from]!
    let index = from
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (compare(heap[parent]!, entry) <= 0) break
      heap[index] = heap[parent]!
      times[index] = times[parent]!
      index = parent
    }
    heap[index] = entry
    times[index] = entry.at
  }

  /** Puts `entry`, which is due at `time`, where it belongs, beginning at the front. */
  #siftDown(entry: Entry<Event>, time: Millis): void {
    const heap = this.#heap
    const times = this.#times
    const length = heap.length
    let index = 0
    for (let child = 1; child < length; child = 2 * index + 1) {
      const right = child + 1
      if (right < length) {
        const apart = times[right]! - times[child]!
        if (apart < 0 || (apart === 0 && compare(heap[right]!, heap[child]!) < 0)) child = right
      }
      const apart = time - times[child]!
      if (apart < 0 || (apart === 0 && compare(entry, heap[child]!) < 0)) break
      heap[index] = heap[child]!
      times[index] = times[child]!
      index = child
    }
    heap[index] = entry
    times[index] = time
  }
}

/** `at` and `sequence` are its place in the heap; `dueAt` and `dueSequence` are what it was set to since, else the same. */
interface Entry<Event> {
  at: Millis
  priority: number
  sequence: number
  readonly handle: number
  dueAt: Millis
  dueSequence: number
  isCancelled: boolean
  isOwned: boolean
  isInHeap: boolean
  event: Event | undefined
}

function fill<Event>(entry: Entry<Event>, at: Millis, priority: number, sequence: number, event: Event): void {
  entry.at = at
  entry.priority = priority
  entry.sequence = sequence
  entry.dueAt = at
  entry.dueSequence = sequence
  entry.isCancelled = false
  entry.event = event
}

type Key = Pick<Scheduled<unknown>, 'at' | 'priority' | 'sequence'>

function compare(a: Key, b: Key): number {
  return a.at - b.at || a.priority - b.priority || a.sequence - b.sequence
}
