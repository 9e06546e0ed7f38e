package plugboard

import (
	"context"
	"sync"

	"plugboard.dev/plugboard/internal/guestpb"
)

// Dependency gives what another extension exports.
type Dependency struct {
	id       string
	peer     *peer
	optional bool
	changed  *listeners[struct{}]

	mu        sync.Mutex
	active    bool
	functions []string
	values    map[string]any
}

func newDependency(described *guestpb.Dependency, s *session) *Dependency {
	d := &Dependency{
		id:       described.GetId(),
		peer:     s.peer,
		optional: described.GetKind() == guestpb.Dependency_OPTIONAL,
		changed:  newListeners[struct{}](s.events),
	}
	if exports := described.GetExports(); exports != nil {
		d.active = true
		d.functions = exports.GetFunctions()
		d.values, _ = decodeObject(exports.GetValues())
	}
	return d
}

// Active tells whether it is there. A required dependency always is.
func (d *Dependency) Active() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.active || !d.optional
}

// Functions lists what can be called.
func (d *Dependency) Functions() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.functions...)
}

// Value gives an export that is no function; Undefined if there is none of the name.
func (d *Dependency) Value(name string) any {
	d.mu.Lock()
	defer d.mu.Unlock()
	value, exported := d.values[name]
	if !exported {
		return Undefined
	}
	return value
}

// Call calls an exported function and waits for its answer.
func (d *Dependency) Call(ctx context.Context, function string, args ...any) (any, error) {
	return d.peer.call(ctx, "dependency/"+d.id+"/"+function, args)
}

// OnDidChange tells that an optional dependency came, went or is another,
// until undo is called.
func (d *Dependency) OnDidChange(listener func()) (undo func()) {
	return d.changed.add(func(struct{}) { listener() })
}

// become takes what the host tells of the exports: an object, or Undefined.
func (d *Dependency) become(exports any) {
	described, active := exports.(map[string]any)
	var functions []string
	values := map[string]any{}
	if active {
		// What is described otherwise exports nothing.
		_ = Into(described["functions"], &functions)
		if given, ok := described["values"].(map[string]any); ok {
			values = given
		}
	}
	d.mu.Lock()
	d.active, d.functions, d.values = active, functions, values
	d.mu.Unlock()
	d.changed.fire(struct{}{})
}
