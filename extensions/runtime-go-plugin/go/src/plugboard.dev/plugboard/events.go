package plugboard

import "sync"

// eventQueue runs listeners one after the other in a goroutine of its own,
// which lives only while there is something to run.
type eventQueue struct {
	report func(error)

	mu      sync.Mutex
	pending []func()
	running bool
	closed  bool
}

func newEventQueue(report func(error)) *eventQueue {
	return &eventQueue{report: report}
}

func (q *eventQueue) add(run func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	q.pending = append(q.pending, run)
	if !q.running {
		q.running = true
		go q.run()
	}
}

func (q *eventQueue) run() {
	for {
		q.mu.Lock()
		if len(q.pending) == 0 || q.closed {
			q.running = false
			q.mu.Unlock()
			return
		}
		next := q.pending[0]
		q.pending = q.pending[1:]
		q.mu.Unlock()
		if err := guarded(func() error { next(); return nil }); err != nil {
			q.report(err)
		}
	}
}

func (q *eventQueue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.pending = nil
}

// listeners are told of one kind of event.
type listeners[T any] struct {
	queue *eventQueue

	mu   sync.Mutex
	next int
	by   map[int]func(T)
}

func newListeners[T any](queue *eventQueue) *listeners[T] {
	return &listeners[T]{queue: queue, by: map[int]func(T){}}
}

func (l *listeners[T]) add(listener func(T)) (undo func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := l.next
	l.next++
	l.by[id] = listener
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.by, id)
	}
}

func (l *listeners[T]) fire(event T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id := 0; id < l.next; id++ {
		id := id
		if _, listens := l.by[id]; !listens {
			continue
		}
		l.queue.add(func() {
			l.mu.Lock()
			listener, listens := l.by[id]
			l.mu.Unlock()
			if listens {
				listener(event)
			}
		})
	}
}
