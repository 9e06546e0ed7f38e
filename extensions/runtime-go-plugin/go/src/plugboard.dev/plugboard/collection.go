package plugboard

import (
	"context"
	"reflect"
	"sync"

	"plugboard.dev/plugboard/internal/guestpb"
)

// Entry is a contribution to a point that the extension opens.
type Entry struct {
	// ID is the contribution's id.
	ID string
	// ExtensionID says who contributes it.
	ExtensionID string
	// Generation is the generation that serves it.
	Generation uint64
	// Item is what the manifest says of it.
	Item map[string]any

	point string
	peer  *peer
}

// Call calls a method of the contribution and waits for its answer.
func (e Entry) Call(ctx context.Context, method string, args ...any) (any, error) {
	return e.peer.call(ctx, "point/"+e.point+"/"+e.ID+"/"+method, args)
}

// Delta is how a collection changed.
type Delta struct {
	// Added are those that came.
	Added []Entry
	// Changed are those of which the item, the owner or the generation is another.
	Changed []Entry
	// Removed are those that went.
	Removed []Entry
}

// Collection is what is contributed to a point that the extension opens, as it is now.
type Collection struct {
	point   string
	peer    *peer
	changed *listeners[Delta]

	mu      sync.Mutex
	entries []Entry
}

func newCollection(point *guestpb.Point, s *session) *Collection {
	c := &Collection{point: point.GetId(), peer: s.peer, changed: newListeners[Delta](s.events)}
	for _, line := range point.GetLines() {
		entry := Entry{ID: line.GetId(), ExtensionID: line.GetExtensionId(), Generation: line.GetGeneration()}
		entry.Item, _ = decodeObject(line.GetItem())
		c.entries = append(c.entries, c.own(entry))
	}
	return c
}

// Entries lists the contributions in the host's order.
func (c *Collection) Entries() []Entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Entry(nil), c.entries...)
}

// Get gives the contribution of the id, and whether there is one.
func (c *Collection) Get(id string) (Entry, bool) {
	for _, entry := range c.Entries() {
		if entry.ID == id {
			return entry, true
		}
	}
	return Entry{}, false
}

// OnDidChange tells of every change, until undo is called.
func (c *Collection) OnDidChange(listener func(Delta)) (undo func()) { return c.changed.add(listener) }

func (c *Collection) own(entry Entry) Entry {
	entry.point, entry.peer = c.point, c.peer
	return entry
}

func (c *Collection) become(lines []Entry) {
	c.mu.Lock()
	before := map[string]Entry{}
	for _, entry := range c.entries {
		before[entry.ID] = entry
	}
	var delta Delta
	c.entries = nil
	for _, line := range lines {
		entry := c.own(line)
		c.entries = append(c.entries, entry)
		known, was := before[entry.ID]
		delete(before, entry.ID)
		switch {
		case !was:
			delta.Added = append(delta.Added, entry)
		case !reflect.DeepEqual(known, entry):
			delta.Changed = append(delta.Changed, entry)
		}
	}
	for _, entry := range before {
		delta.Removed = append(delta.Removed, entry)
	}
	c.mu.Unlock()
	if len(delta.Added)+len(delta.Changed)+len(delta.Removed) > 0 {
		c.changed.fire(delta)
	}
}

// linesOf reads the lines that the host sends with an event.
func linesOf(value any) []Entry {
	var lines []Entry
	given, _ := value.([]any)
	for _, one := range given {
		var line struct {
			ID          string `json:"id"`
			ExtensionID string `json:"extensionId"`
			Generation  uint64
			Item        map[string]any
		}
		described, ok := one.(map[string]any)
		if !ok || Into(described, &line) != nil {
			continue
		}
		lines = append(lines, Entry{
			ID: line.ID, ExtensionID: line.ExtensionID, Generation: line.Generation, Item: line.Item,
		})
	}
	return lines
}
