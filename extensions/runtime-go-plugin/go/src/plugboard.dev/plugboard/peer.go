package plugboard

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"plugboard.dev/plugboard/internal/guestpb"
)

// peer is the guest's end of a session's calls, in both directions. What a
// target means is decided by the session. A call that was made always ends, at
// the latest with the session.
type peer struct {
	session     uint64
	extensionID string
	out         *outbox
	callMs      float64
	callBytes   int
	withStacks  bool
	// parent is above the contexts of all calls.
	parent context.Context

	mu      sync.Mutex
	lastID  uint64
	pending map[uint64]chan *guestpb.Frame
	served  map[uint64]*Call
	ended   error
	// done is closed when the session has ended.
	done chan struct{}
}

func newPeer(parent context.Context, hello *guestpb.HelloFrame, out *outbox) *peer {
	return &peer{
		session:     hello.GetSession(),
		extensionID: hello.GetExtension().GetId(),
		out:         out,
		callMs:      hello.GetLimits().GetCallMs(),
		callBytes:   limitOf(hello.GetLimits().GetCallBytes()),
		withStacks:  hello.GetWithStacks(),
		parent:      parent,
		pending:     map[uint64]chan *guestpb.Frame{},
		served:      map[uint64]*Call{},
		done:        make(chan struct{}),
	}
}

func limitOf(bytes float64) int {
	if bytes <= 0 || bytes > math.MaxInt32 {
		return math.MaxInt32
	}
	return int(bytes)
}

// call asks the host, and waits for its answer or the end of ctx.
func (p *peer) call(ctx context.Context, target string, args []any) (any, error) {
	encoded, refused := encodeArguments(args, p.callBytes)
	if refused != nil {
		return nil, refused.explain(p.extensionID, "arguments", "The arguments of the call hold", p.callBytes)
	}
	return p.send(ctx, target, encoded)
}

// send calls with arguments that are written already.
func (p *peer) send(ctx context.Context, target string, args []*guestpb.Value) (any, error) {
	if err := ctx.Err(); err != nil {
		return nil, p.abandoned(err)
	}
	frame := &guestpb.CallFrame{Session: p.session, Target: target, Args: args}
	if deadline, ok := ctx.Deadline(); ok {
		left := math.Max(1, math.Ceil(float64(time.Until(deadline))/float64(time.Millisecond)))
		frame.Timeout = &guestpb.CallFrame_TimeoutMs{TimeoutMs: left}
	}
	answer := make(chan *guestpb.Frame, 1)
	p.mu.Lock()
	if p.ended != nil {
		p.mu.Unlock()
		return nil, p.ended
	}
	p.lastID++
	frame.Id = p.lastID
	p.pending[frame.Id] = answer
	p.mu.Unlock()
	p.out.add(&guestpb.Frame{Kind: &guestpb.Frame_Call{Call: frame}})
	select {
	case given := <-answer:
		if failed := given.GetErr(); failed != nil {
			return nil, decodeThrown(failed.GetThrown())
		}
		return decodeData(given.GetOk().GetValue())
	case <-ctx.Done():
		reason := p.abandoned(ctx.Err())
		p.take(frame.Id)
		cancel := &guestpb.CancelFrame{Session: p.session, Id: frame.Id, Reason: encodeThrown(reason, false)}
		p.out.add(&guestpb.Frame{Kind: &guestpb.Frame_Cancel{Cancel: cancel}})
		return nil, reason
	case <-p.done:
		return nil, p.end(nil)
	}
}

// abandoned tells why the guest no longer waits, in Plugboard's words and Go's.
func (p *peer) abandoned(err error) error {
	code, message := "CALL_CANCELLED", "A call of "+p.extensionID+" was cancelled."
	if errors.Is(err, context.DeadlineExceeded) {
		code, message = "CALL_TIMEOUT", "A call of "+p.extensionID+" took longer than it may."
	}
	failure := extensionError(p.extensionID, code, message, nil)
	failure.Cause = err
	return failure
}

func (p *peer) take(id uint64) chan *guestpb.Frame {
	p.mu.Lock()
	defer p.mu.Unlock()
	answer := p.pending[id]
	delete(p.pending, id)
	return answer
}

// answered takes an answer of the host.
func (p *peer) answered(id uint64, frame *guestpb.Frame) {
	if answer := p.take(id); answer != nil {
		answer <- frame
	}
}

// begin notes a call of the host, which can be cancelled from now on.
func (p *peer) begin(frame *guestpb.CallFrame) *Call {
	call := &Call{Target: frame.GetTarget(), parent: p.parent}
	milliseconds := p.callMs
	if limit, ok := frame.GetTimeout().(*guestpb.CallFrame_TimeoutMs); ok {
		milliseconds = limit.TimeoutMs
	}
	if milliseconds > 0 {
		call.deadline = time.Now().Add(time.Duration(math.Min(milliseconds, 1e12) * float64(time.Millisecond)))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.served[frame.GetId()] = call
	return call
}

func (p *peer) cancelled(frame *guestpb.CancelFrame) {
	p.mu.Lock()
	call := p.served[frame.GetId()]
	p.mu.Unlock()
	if call != nil {
		call.abort(decodeThrown(frame.GetReason()))
	}
}

// answer runs a method and sends what comes of it, unless nobody waits any
// more. begin waits until it is the call's turn.
func (p *peer) answer(frame *guestpb.CallFrame, call *Call, begin func(), method Method) {
	args, unreadable := decodeArguments(frame.GetArgs())
	begin()
	var result any
	err := guarded(func() (err error) {
		if unreadable != nil {
			return &Error{Name: "TypeError", Message: "The arguments can't be read: " + unreadable.Error()}
		}
		call.Args = args
		result, err = method(call)
		return err
	})
	if err != nil {
		p.fail(frame.GetId(), call, err)
		return
	}
	value, refused := encodeData(result, p.callBytes)
	if refused != nil {
		err := refused.explain(p.extensionID, "result", "The result of the call holds", p.callBytes)
		p.fail(frame.GetId(), call, err)
		return
	}
	if !p.finish(frame.GetId(), call) {
		return
	}
	if value.Kind == nil {
		value = nil
	}
	answer := &guestpb.OkFrame{Session: p.session, Id: frame.GetId(), Value: value}
	p.out.add(&guestpb.Frame{Kind: &guestpb.Frame_Ok{Ok: answer}})
}

func (p *peer) fail(id uint64, call *Call, err error) {
	if !p.finish(id, call) {
		return
	}
	failure := &guestpb.ErrFrame{Session: p.session, Id: id, Thrown: encodeThrown(err, p.withStacks)}
	p.out.add(&guestpb.Frame{Kind: &guestpb.Frame_Err{Err: failure}})
}

// finish tells whether the host still waits for the call. After the deadline
// it does not, even if its own word of that is still on the way.
func (p *peer) finish(id uint64, call *Call) bool {
	call.finish()
	deadline, limited := call.Deadline()
	late := limited && time.Now().After(deadline)
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.served, id)
	return p.ended == nil && call.Cancelled() == nil && !late
}

func (p *peer) emit(event string, args ...any) {
	encoded, refused := encodeArguments(args, p.callBytes)
	if refused != nil {
		return
	}
	emit := &guestpb.EmitFrame{Session: p.session, Event: event, Args: encoded}
	p.out.add(&guestpb.Frame{Kind: &guestpb.Frame_Emit{Emit: emit}})
}

// end ends what is under way, and all that begins later, with the reason of
// the first who ended it, which it returns.
func (p *peer) end(reason error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended != nil {
		return p.ended
	}
	p.ended = reason
	close(p.done)
	p.pending = map[uint64]chan *guestpb.Frame{}
	for _, call := range p.served {
		call.abort(reason)
	}
	p.served = map[uint64]*Call{}
	return reason
}
