package plugboard

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"plugboard.dev/plugboard/internal/guestpb"
)

// session is one generation of an extension: activates it, and answers calls
// Calls that come before it is active wait for that, in their order.
type session struct {
	hello    *guestpb.HelloFrame
	identity Extension
	program  Program
	out      *outbox
	peer     *peer
	context  *Context
	events   *eventQueue
	cancel   context.CancelFunc
	onEnd    func()

	mu     sync.Mutex
	state  activationState
	queue  []queued
	last   chan struct{}
	lastOf map[string]chan struct{}
	active sync.WaitGroup
}

type activationState int

const (
	activating activationState = iota
	active
	failed
)

// queued is a call that has not begun. It begins once the one before it has.
type queued struct {
	frame  *guestpb.CallFrame
	call   *Call
	before <-chan struct{}
	begun  chan struct{}
	// done is closed when the call is over, if another may be waiting for that.
	done chan struct{}
}

func newSession(
	parent context.Context,
	hello *guestpb.HelloFrame,
	program Program,
	out *outbox,
	onEnd func(),
) *session {
	ctx, cancel := context.WithCancel(parent)
	s := &session{
		hello:   hello,
		program: program,
		out:     out,
		cancel:  cancel,
		onEnd:   onEnd,
		lastOf:  map[string]chan struct{}{},
		identity: Extension{
			ID:      hello.GetExtension().GetId(),
			Version: hello.GetExtension().GetVersion(),
			Path:    hello.GetExtension().GetPath(),
		},
	}
	s.peer = newPeer(ctx, hello, out)
	s.events = newEventQueue(func(err error) {
		s.context.logger.Error("A listener failed.", "error", err)
	})
	s.context = newContext(ctx, s)
	s.active.Add(1)
	go s.run()
	return s
}

// run activates the extension and tells the host what that registered.
func (s *session) run() {
	times := &guestpb.Times{}
	err := s.load(times)
	if err == nil {
		s.peer.emit("loaded")
		started := time.Now()
		err = guarded(func() error { return s.program.Activate(s.context) })
		// Nothing else waits while it runs: all of it is settling.
		times.Settle = millisecondsSince(started)
	}
	ready, err := s.result(err)
	if err != nil {
		failure := &guestpb.ErrFrame{Session: s.peer.session, Thrown: encodeThrown(err, s.peer.withStacks)}
		s.out.add(&guestpb.Frame{Kind: &guestpb.Frame_Err{Err: failure}})
		s.settle(failed)
		return
	}
	ready.Times = times
	s.out.add(&guestpb.Frame{Kind: &guestpb.Frame_Ready{Ready: ready}})
	s.settle(active)
}

func (s *session) load(times *guestpb.Times) error {
	if s.program.Load == nil {
		return nil
	}
	started := time.Now()
	defer func() { times.Load = millisecondsSince(started) }()
	return guarded(func() error { return s.program.Load(s.context) })
}

func millisecondsSince(started time.Time) float64 {
	return float64(time.Since(started)) / float64(time.Millisecond)
}

func (s *session) result(err error) (*guestpb.ReadyFrame, error) {
	ready := s.context.close()
	if err != nil {
		return nil, err
	}
	exports, err := s.context.describeExports()
	if err != nil {
		return nil, err
	}
	ready.Session = s.peer.session
	ready.Exports = exports
	return ready, nil
}

// settle starts the calls that waited. Those of a failed activation get their
// answer from the host, which knows why.
func (s *session) settle(state activationState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = state
	s.active.Done()
	if state == failed {
		s.queue = nil
		return
	}
	for _, waiting := range s.queue {
		s.start(waiting)
	}
	s.queue = nil
}

// receive takes a frame of this session.
func (s *session) receive(frame *guestpb.Frame) {
	switch kind := frame.GetKind().(type) {
	case *guestpb.Frame_Call:
		s.enqueue(kind.Call)
	case *guestpb.Frame_Ok:
		s.peer.answered(kind.Ok.GetId(), frame)
	case *guestpb.Frame_Err:
		s.peer.answered(kind.Err.GetId(), frame)
	case *guestpb.Frame_Cancel:
		s.peer.cancelled(kind.Cancel)
	case *guestpb.Frame_Emit:
		s.hear(kind.Emit)
	case *guestpb.Frame_Bye:
		s.leave(kind.Bye)
	}
}

// enqueue starts a goroutine for the call, if the extension is active.
func (s *session) enqueue(frame *guestpb.CallFrame) {
	next := queued{frame: frame, call: s.peer.begin(frame), begun: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	next.before, s.last = s.last, next.begun
	switch s.state {
	case activating:
		s.queue = append(s.queue, next)
	case active:
		s.start(next)
	}
}

// start starts the call's goroutine: after the call that begins before it, or
// after the end of the one before where calls come one at a time.
func (s *session) start(next queued) {
	if key := s.context.inOrderKey(next.call.Target); key != "" {
		next.done = make(chan struct{})
		if last := s.lastOf[key]; last != nil {
			next.before = last
		}
		s.lastOf[key] = next.done
	}
	go s.serve(next)
}

func (s *session) serve(next queued) {
	if next.done != nil {
		defer close(next.done)
	}
	begin := func() {
		if next.before != nil {
			<-next.before
		}
		close(next.begun)
	}
	if method := s.method(next.call.Target); method != nil {
		s.peer.answer(next.frame, next.call, begin, method)
		return
	}
	begin()
	message := fmt.Sprintf("%s did not supply %s.", s.identity.ID, next.call.Target)
	details := map[string]any{"target": next.call.Target}
	err := extensionError(s.identity.ID, "CALL_UNKNOWN_TARGET", message, details)
	s.peer.fail(next.frame.GetId(), next.call, err)
}

// method finds what the host calls by the name.
func (s *session) method(target string) Method {
	realm, rest, _ := strings.Cut(target, "/")
	switch realm {
	case "contribution":
		if parts := strings.Split(rest, "/"); len(parts) == 3 {
			return s.context.contributed(parts[0], parts[1], parts[2])
		}
	case "export":
		return s.context.exported(rest)
	case "hook":
		if rest == "saveState" {
			return s.saveState
		}
	}
	return nil
}

func (s *session) saveState(call *Call) (any, error) {
	state, err := s.context.save(call.Context())
	if err != nil || state == nil {
		return Undefined, err
	}
	value := state.Value
	if _, refused := encodeData(value, s.peer.callBytes); refused != nil {
		message := fmt.Sprintf("What saveState of %s returned holds something that is not plain data.", s.identity.ID)
		failure := extensionError(s.identity.ID, "STATE_INVALID", message, nil)
		failure.Cause = refused.explain(s.identity.ID, "state", "The state of the extension holds", s.peer.callBytes)
		return nil, failure
	}
	return Object{{Name: "version", Value: state.Version}, {Name: "value", Value: value}}, nil
}

// hear takes what happened at the host. What is asked for afterwards shows it
// already; listeners are told one after the other, in the order of events.
func (s *session) hear(emit *guestpb.EmitFrame) {
	args, err := decodeArguments(emit.GetArgs())
	if err != nil || len(args) == 0 {
		return
	}
	switch emit.GetEvent() {
	case "configuration":
		if values, ok := args[0].(map[string]any); ok {
			s.context.configuration.become(values)
		}
	case "dependency":
		if id, ok := args[0].(string); ok {
			s.context.dependencyBecomes(id, args)
		}
	case "point":
		if id, ok := args[0].(string); ok && len(args) > 1 {
			s.context.pointBecomes(id, args[1])
		}
	case "abort":
		s.cancel()
	}
}

// leave ends the session: in order and told, or at once.
func (s *session) leave(bye *guestpb.ByeFrame) {
	s.cancel()
	if !bye.GetDeactivate() {
		s.end()
		s.onEnd()
		return
	}
	go func() {
		ctx := context.Background()
		if limit := bye.GetTimeoutMs(); limit > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, time.Duration(limit*float64(time.Millisecond)))
			defer cancel()
		}
		// What activate still registers has to be undone as well.
		s.active.Wait()
		gone := &guestpb.GoneFrame{Session: s.peer.session}
		if err := s.context.deactivate(ctx); err != nil {
			gone.Thrown = encodeThrown(err, s.peer.withStacks)
		}
		s.out.add(&guestpb.Frame{Kind: &guestpb.Frame_Gone{Gone: gone}})
		// What still runs has nothing to say to the host any more.
		s.peer.end(s.gone())
	}()
}

func (s *session) gone() error {
	return extensionError(s.identity.ID, "EXTENSION_GONE", s.identity.ID+" was stopped.", nil)
}

// end lets everything go, without asking the author; only cleanups still run.
func (s *session) end() {
	s.cancel()
	s.peer.end(s.gone())
	s.events.close()
	s.mu.Lock()
	s.queue = nil
	s.mu.Unlock()
	go s.context.cleanUp()
}

// joined is nil, the only error, or one of all.
func joined(message string, errs []error) error {
	switch len(errs) {
	case 0:
		return nil
	case 1:
		return errs[0]
	}
	return &Error{Name: "AggregateError", Message: message, Errors: errs}
}

var errExportLate = errors.New("plugboard: exports are given before activate returns")
