package plugboard

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Call is a call that the host makes.
type Call struct {
	// Target is what is called, as the frames name it.
	Target string
	// Args are the arguments.
	Args []any

	parent   context.Context
	deadline time.Time

	mu     sync.Mutex
	ctx    context.Context
	cancel context.CancelFunc
	reason error
}

// Arg gives the argument at the index from 0; Undefined if there are fewer.
func (c *Call) Arg(index int) any {
	if index >= len(c.Args) {
		return Undefined
	}
	return c.Args[index]
}

// Into stores the arguments in the variables that the targets point to, as
// Into does for one.
func (c *Call) Into(targets ...any) error {
	for index, target := range targets {
		if err := Into(c.Arg(index), target); err != nil {
			return fmt.Errorf("argument %d: %w", index+1, err)
		}
	}
	return nil
}

// Deadline tells when the caller stops waiting, if it ever does by itself.
func (c *Call) Deadline() (time.Time, bool) { return c.deadline, !c.deadline.IsZero() }

// Context ends when the caller no longer waits, at the deadline, and when the
// extension is stopped. It is made when it is first asked for.
func (c *Call) Context() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx == nil {
		if c.deadline.IsZero() {
			c.ctx, c.cancel = context.WithCancel(c.parent)
		} else {
			c.ctx, c.cancel = context.WithDeadline(c.parent, c.deadline)
		}
		if c.reason != nil {
			c.cancel()
		}
	}
	return c.ctx
}

// Cancelled tells why the caller no longer waits; nil while it does.
func (c *Call) Cancelled() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reason
}

func (c *Call) abort(reason error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reason == nil {
		c.reason = reason
	}
	if c.cancel != nil {
		c.cancel()
	}
}

// finish lets go of what the context holds.
func (c *Call) finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cancel != nil {
		c.cancel()
	}
}
