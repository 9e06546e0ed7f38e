package plugboard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"

	"plugboard.dev/plugboard/internal/guestpb"
)

// host is the near end of a channel to a guest in this process.
type host struct {
	t      *testing.T
	stream guestpb.Guest_ConnectClient
	// come is what arrived and was not looked at.
	come []*guestpb.Frame
}

func connect(t *testing.T, program Program) *host {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "guest")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := newServer(nil)
	guestpb.RegisterGuestServer(server, &guestServer{program: program})
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	connection, err := grpc.Dial("unix:"+socket, grpc.WithInsecure(),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(1<<30), grpc.MaxCallSendMsgSize(1<<30)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	stream, err := guestpb.NewGuestClient(connection).Connect(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return &host{t: t, stream: stream}
}

func (h *host) send(frames ...*guestpb.Frame) {
	h.t.Helper()
	if err := h.stream.Send(&guestpb.Frames{Frames: frames}); err != nil {
		h.t.Fatal(err)
	}
}

// until gives the next frame that is found, and forgets those before it.
func (h *host) until(found func(*guestpb.Frame) bool) *guestpb.Frame {
	h.t.Helper()
	for {
		for len(h.come) > 0 {
			frame := h.come[0]
			h.come = h.come[1:]
			if found(frame) {
				return frame
			}
		}
		frames, err := h.stream.Recv()
		if err != nil {
			h.t.Fatal(err)
		}
		h.come = append(h.come, frames.Frames...)
	}
}

func (h *host) answer(id uint64) *guestpb.Frame {
	h.t.Helper()
	return h.until(func(frame *guestpb.Frame) bool {
		return (frame.GetOk() != nil && frame.GetOk().Id == id) || (frame.GetErr() != nil && frame.GetErr().Id == id)
	})
}

func (h *host) ready() *guestpb.ReadyFrame {
	h.t.Helper()
	frame := h.until(func(frame *guestpb.Frame) bool { return frame.GetReady() != nil || frame.GetErr() != nil })
	if failed := frame.GetErr(); failed != nil {
		h.t.Fatal(decodeThrown(failed.Thrown))
	}
	return frame.GetReady()
}

func hello(change func(*guestpb.HelloFrame)) *guestpb.Frame {
	frame := &guestpb.HelloFrame{
		Session:   1,
		Protocol:  1,
		Extension: &guestpb.Extension{Id: "acme.test", Version: "1.0.0", Path: "/nowhere"},
		Contributions: []*guestpb.DeclaredContribution{
			{Point: "greeters", Id: "one", Methods: []*guestpb.Method{{Name: "greet", Arity: 1}}},
		},
		Services:           []*guestpb.Service{{Id: "acme.orders", Methods: []*guestpb.Method{{Name: "find", Arity: 1}}}},
		UndeclaredServices: []string{"acme.secret"},
		Limits:             &guestpb.Limits{CallMs: 30_000, CallBytes: 16 << 20},
	}
	if change != nil {
		change(frame)
	}
	return &guestpb.Frame{Kind: &guestpb.Frame_Hello{Hello: frame}}
}

func call(id uint64, target string, args ...any) *guestpb.Frame {
	encoded, refused := encodeArguments(args, 64<<20)
	if refused != nil {
		panic(refused)
	}
	frame := &guestpb.CallFrame{Session: 1, Id: id, Target: target, Args: encoded}
	return &guestpb.Frame{Kind: &guestpb.Frame_Call{Call: frame}}
}

const greet = "contribution/greeters/one/greet"

type english struct{}

func (english) Greet(name string) string { return "Hello, " + name + "!" }

func contributing(implementation any) Program {
	return Program{Activate: func(ctx *Context) error { return ctx.Contribute("greeters", "one", implementation) }}
}

func TestAGreeterAnswersCallsMadeBeforeItWasActive(t *testing.T) {
	h := connect(t, contributing(english{}))
	h.send(hello(nil), call(1, greet, "Ada"))
	ready := h.ready()
	if len(ready.Supplied) != 1 || len(ready.Findings) != 0 {
		t.Errorf("ready tells %v", ready)
	}
	value, _ := decodeData(h.answer(1).GetOk().GetValue())
	if value != "Hello, Ada!" {
		t.Errorf("greets %v", value)
	}
}

func TestMessagesMayBeLongerThanGRPCAllowsByItself(t *testing.T) {
	h := connect(t, contributing(english{}))
	name := strings.Repeat("x", 6<<20)
	h.send(hello(nil), call(1, greet, name))
	value, _ := decodeData(h.answer(1).GetOk().GetValue())
	if text, _ := value.(string); len(text) != len(name)+len("Hello, !") {
		t.Errorf("%d bytes come back", len(text))
	}
}

func TestCallsComeOneAtATimeWhereThatIsAskedFor(t *testing.T) {
	const calls = 500
	var order []float64
	h := connect(t, contributing(InOrder(Methods{"greet": func(call *Call) (any, error) {
		order = append(order, call.Arg(0).(float64))
		return nil, nil
	}})))
	h.send(hello(nil))
	for index := 0; index < calls; index++ {
		h.send(call(uint64(index+1), greet, index))
	}
	h.answer(calls)
	for index, number := range order {
		if number != float64(index) {
			t.Fatalf("call %d is made as number %d", int(number), index)
		}
	}
}

func TestCallsRunBesideEachOther(t *testing.T) {
	both := make(chan struct{})
	h := connect(t, contributing(Methods{"greet": func(call *Call) (any, error) {
		select {
		case both <- struct{}{}:
		case <-both:
		}
		return nil, nil
	}}))
	h.send(hello(nil), call(1, greet, "Ada"), call(2, greet, "Eve"))
	for answered := 0; answered < 2; answered++ {
		h.until(func(frame *guestpb.Frame) bool { return frame.GetOk() != nil })
	}
}

func TestAPanicIsAnErrorOfThatCallAlone(t *testing.T) {
	h := connect(t, contributing(Methods{"greet": func(call *Call) (any, error) {
		if call.Arg(0) == "boom" {
			panic("no")
		}
		return "fine", nil
	}}))
	h.send(hello(nil), call(1, greet, "boom"), call(2, greet, "Ada"))
	failed := h.answer(1).GetErr()
	if err, _ := decodeThrown(failed.GetThrown()).(*Error); err == nil || err.Message != "panic: no" || err.Stack != "" {
		t.Errorf("fails with %#v", err)
	}
	h.send(call(3, greet, "Eve"))
	if h.answer(3).GetOk() == nil {
		t.Error("no longer answers")
	}
}

func TestACancelledCallHearsOfItAndIsNotAnswered(t *testing.T) {
	heard := make(chan error, 1)
	h := connect(t, contributing(Methods{"greet": func(call *Call) (any, error) {
		if call.Arg(0) == "Ada" {
			return "quick", nil
		}
		<-call.Context().Done()
		heard <- call.Cancelled()
		return "late", nil
	}}))
	h.send(hello(nil), call(1, greet, "slow"))
	h.ready()
	reason := encodeThrown(extensionError("acme.test", "CALL_CANCELLED", "enough", nil), false)
	cancel := &guestpb.CancelFrame{Session: 1, Id: 1, Reason: reason}
	h.send(&guestpb.Frame{Kind: &guestpb.Frame_Cancel{Cancel: cancel}})
	if err := <-heard; !HasCode(err, "CALL_CANCELLED") {
		t.Errorf("hears %v", err)
	}
	h.send(call(2, greet, "Ada"))
	h.until(func(frame *guestpb.Frame) bool {
		if frame.GetOk() != nil && frame.GetOk().Id == 1 {
			t.Error("a call that nobody waits for is answered")
		}
		return frame.GetOk() != nil && frame.GetOk().Id == 2
	})
}

func TestAHostServiceIsCalledAndAnUndeclaredOneIsDenied(t *testing.T) {
	h := connect(t, Program{Activate: func(ctx *Context) error {
		if _, err := ctx.Service("acme.secret"); !HasCode(err, "CAPABILITY_DENIED") {
			return fmt.Errorf("acme.secret gives %v", err)
		}
		orders, err := ctx.Service("acme.orders")
		if err != nil {
			return err
		}
		return ctx.Contribute("greeters", "one", Methods{"greet": func(call *Call) (any, error) {
			return orders.Call(call.Context(), "find", call.Arg(0), "left out")
		}})
	}})
	h.send(hello(nil), call(1, greet, "seven"))
	asked := h.until(func(frame *guestpb.Frame) bool { return frame.GetCall() != nil }).GetCall()
	if asked.Target != "service/acme.orders/find" || len(asked.Args) != 1 || asked.Timeout == nil {
		t.Errorf("asks %v", asked)
	}
	missing := &Error{Name: "Error", Message: "no such order", Code: "E_NONE"}
	failure := &guestpb.ErrFrame{Session: 1, Id: asked.Id, Thrown: encodeThrown(missing, false)}
	h.send(&guestpb.Frame{Kind: &guestpb.Frame_Err{Err: failure}})
	if err := decodeThrown(h.answer(1).GetErr().GetThrown()); !HasCode(err, "E_NONE") {
		t.Errorf("fails with %v", err)
	}
}

func TestWhatIsMissingOrUndeclaredIsTold(t *testing.T) {
	h := connect(t, Program{Activate: func(ctx *Context) error {
		if err := ctx.Contribute("greeters", "two", english{}); !HasCode(err, "CONTRIBUTION_UNDECLARED") {
			return fmt.Errorf("an undeclared id gives %v", err)
		}
		return ctx.Contribute("greeters", "one", Methods{})
	}})
	h.send(hello(func(frame *guestpb.HelloFrame) {
		frame.Contributions = append(frame.Contributions, &guestpb.DeclaredContribution{Point: "greeters", Id: "three"})
	}))
	ready := h.ready()
	var codes []string
	for _, finding := range ready.Findings {
		codes = append(codes, finding.Code+" "+finding.Id)
	}
	if want := []string{"CONTRIBUTION_INCOMPLETE one", "CONTRIBUTION_MISSING three"}; !reflect.DeepEqual(codes, want) {
		t.Errorf("finds %v", codes)
	}
}

func TestAnActivationThatFailsTellsWhyOnce(t *testing.T) {
	h := connect(t, Program{Activate: func(*Context) error { return errors.New("not today") }})
	h.send(hello(nil), call(1, greet, "Ada"))
	failed := h.until(func(frame *guestpb.Frame) bool { return frame.GetErr() != nil }).GetErr()
	if err := decodeThrown(failed.Thrown); failed.Id != 0 || err.Error() != "not today" {
		t.Errorf("fails with %d %v", failed.Id, err)
	}
}

func TestDeactivationRunsLastInFirstOutWhateverFails(t *testing.T) {
	var mu sync.Mutex
	var ran []string
	note := func(step string) {
		mu.Lock()
		defer mu.Unlock()
		ran = append(ran, step)
	}
	h := connect(t, Program{Activate: func(ctx *Context) error {
		ctx.OnDeactivate(func(context.Context) error { note("first"); return nil })
		ctx.OnDeactivate(func(context.Context) error { note("second"); panic("no") })
		ctx.Cleanup(func() { note("cleanup") })
		ctx.OnSaveState(func(context.Context) (*State, error) { return &State{Version: 2, Value: []int{1}}, nil })
		return ctx.Contribute("greeters", "one", english{})
	}})
	h.send(hello(nil), call(1, "hook/saveState"))
	if !h.ready().SavesState {
		t.Error("the state that it hands over is not told")
	}
	state, _ := decodeData(h.answer(1).GetOk().GetValue())
	if want := map[string]any{"version": 2.0, "value": []any{1.0}}; !reflect.DeepEqual(state, want) {
		t.Errorf("hands over %v", state)
	}
	bye := &guestpb.ByeFrame{Session: 1, Deactivate: true, TimeoutMs: 5000}
	h.send(&guestpb.Frame{Kind: &guestpb.Frame_Bye{Bye: bye}})
	gone := h.until(func(frame *guestpb.Frame) bool { return frame.GetGone() != nil }).GetGone()
	if err := decodeThrown(gone.Thrown); err.Error() != "panic: no" {
		t.Errorf("is gone with %v", err)
	}
	if want := []string{"second", "first", "cleanup"}; !reflect.DeepEqual(ran, want) {
		t.Errorf("runs %v", ran)
	}
}

func TestAPingIsAnsweredWhileTheExtensionIsBusy(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	h := connect(t, Program{Activate: func(*Context) error { <-release; return nil }})
	ping := &guestpb.EmitFrame{Event: "ping", Args: []*guestpb.Value{numberValue(7)}}
	h.send(hello(nil), &guestpb.Frame{Kind: &guestpb.Frame_Emit{Emit: ping}})
	pong := h.until(func(frame *guestpb.Frame) bool { return frame.GetEmit().GetEvent() == "pong" }).GetEmit()
	if pong.Session != 0 || len(pong.Args) != 1 {
		t.Errorf("answers %v", pong)
	}
}

func TestChangesOfTheHostAreSeenAndTold(t *testing.T) {
	told := make(chan any, 3)
	h := connect(t, Program{Activate: func(ctx *Context) error {
		glossary, err := ctx.Dependency("acme.glossary")
		if err != nil {
			return err
		}
		panels, err := ctx.Contributions("panels")
		if err != nil {
			return err
		}
		ctx.Configuration().OnDidChange(func() { told <- ctx.Configuration().Get("tone") })
		glossary.OnDidChange(func() { told <- glossary.Value("size") })
		panels.OnDidChange(func(delta Delta) { told <- delta.Added[0].Item["title"] })
		return ctx.Contribute("greeters", "one", english{})
	}})
	h.send(hello(func(frame *guestpb.HelloFrame) {
		frame.Dependencies = []*guestpb.Dependency{{Id: "acme.glossary", Kind: guestpb.Dependency_OPTIONAL}}
		frame.Points = []*guestpb.Point{{Id: "panels"}}
	}))
	h.ready()
	events := []*guestpb.EmitFrame{
		{Event: "configuration", Args: data(t, map[string]any{"tone": "warm"})},
		{Event: "dependency", Args: data(t, "acme.glossary", map[string]any{
			"functions": []any{"explain"}, "values": map[string]any{"size": 3},
		})},
		{Event: "point", Args: data(t, "panels", []any{map[string]any{
			"id": "left", "extensionId": "acme.left", "generation": 1, "item": map[string]any{"title": "Left"},
		}})},
	}
	for index, want := range []any{"warm", 3.0, "Left"} {
		event := events[index]
		event.Session = 1
		h.send(&guestpb.Frame{Kind: &guestpb.Frame_Emit{Emit: event}})
		if got := <-told; got != want {
			t.Errorf("%s tells %v", event.Event, got)
		}
	}
}

func data(t *testing.T, args ...any) []*guestpb.Value {
	t.Helper()
	encoded, refused := encodeArguments(args, plenty)
	if refused != nil {
		t.Fatal(refused.found)
	}
	return encoded
}
