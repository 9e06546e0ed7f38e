package plugboard

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"runtime"
	"sync"
	"time"

	plugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"plugboard.dev/plugboard/internal/guestpb"
)

// Handshake is what a Plugboard host and the guests written for it agree on.
var Handshake = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "PLUGBOARD_PLUGIN",
	MagicCookieValue: "plugboard-guest",
}

// parentInterval is how often a guest looks whether its host is still there.
const parentInterval = time.Second

// Serve runs the extension until its host lets it go: shakes hands, and calls
// activate for every generation that the host starts in this process. It is
// the last thing that main does.
//
// A guest whose host died ends by itself.
func Serve(activate func(*Context) error) {
	ServeProgram(Program{Activate: activate})
}

// Program is an extension that has more to say than how it is activated.
type Program struct {
	// Load reads what the extension is made of, before it is activated; nil
	// for nothing. While it fails, the host takes the folder for one that has
	// not come whole yet, and tries again when it changes.
	Load func(*Context) error
	// Activate contributes what the manifest declares.
	Activate func(*Context) error
}

// ServeProgram does what Serve does, for a program that loads something first.
func ServeProgram(program Program) {
	go endWithParent(os.Getppid())
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: Handshake,
		Plugins:         plugin.PluginSet{"guest": &guestPlugin{program: program}},
		GRPCServer:      newServer,
	})
}

// newServer lets messages be as long as host and guest agree on by themselves.
func newServer(options []grpc.ServerOption) *grpc.Server {
	return grpc.NewServer(append(options,
		grpc.MaxRecvMsgSize(math.MaxInt32),
		grpc.MaxSendMsgSize(math.MaxInt32),
	)...)
}

// endWithParent ends the process once another one is its parent: the one that
// started it is gone, and nobody else is going to stop it.
func endWithParent(parent int) {
	if runtime.GOOS == "windows" || parent == 1 {
		return
	}
	for os.Getppid() == parent {
		time.Sleep(parentInterval)
	}
	os.Exit(0)
}

// guestPlugin is what go-plugin serves.
type guestPlugin struct {
	plugin.NetRPCUnsupportedPlugin
	program Program
}

// GRPCServer adds the services of a guest to the server.
func (p *guestPlugin) GRPCServer(_ *plugin.GRPCBroker, server *grpc.Server) error {
	printed := servePrinted(server)
	guestpb.RegisterGuestServer(server, &guestServer{program: p.program, printed: printed})
	return nil
}

// GRPCClient fails: the host of a guest is written in another language.
func (p *guestPlugin) GRPCClient(context.Context, *plugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.New("plugboard: a guest is run by a Plugboard host")
}

// guestServer is the far end of channels.
type guestServer struct {
	program Program
	printed *printed
}

// Connect serves one channel until it ends, and all sessions on it.
func (g *guestServer) Connect(stream guestpb.Guest_ConnectServer) error {
	g.printed.redirect()
	// The host waits for a sign that a guest is served here.
	if err := stream.SendHeader(metadata.MD{}); err != nil {
		return err
	}
	c := &channel{
		program:  g.program,
		parent:   stream.Context(),
		sessions: map[uint64]*session{},
		out:      &outbox{send: stream.Send},
	}
	defer c.end()
	for {
		frames, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, frame := range frames.GetFrames() {
			c.receive(frame)
		}
	}
}

// channel holds the sessions that share a stream.
type channel struct {
	program Program
	parent  context.Context
	out     *outbox

	mu       sync.Mutex
	sessions map[uint64]*session
}

func (c *channel) receive(frame *guestpb.Frame) {
	if hello := frame.GetHello(); hello != nil {
		c.open(hello)
		return
	}
	number := sessionOf(frame)
	if number == 0 {
		c.answerHost(frame.GetEmit())
		return
	}
	c.mu.Lock()
	session := c.sessions[number]
	c.mu.Unlock()
	if session != nil {
		session.receive(frame)
	}
}

func (c *channel) open(hello *guestpb.HelloFrame) {
	number := hello.GetSession()
	opened := newSession(c.parent, hello, c.program, c.out, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.sessions, number)
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sessions[number] = opened
}

// answerHost answers what is said of the channel as a whole: the host asks
// whether anybody answers at all.
func (c *channel) answerHost(emit *guestpb.EmitFrame) {
	if emit.GetEvent() != "ping" {
		return
	}
	pong := &guestpb.EmitFrame{Event: "pong", Args: emit.GetArgs()}
	c.out.add(&guestpb.Frame{Kind: &guestpb.Frame_Emit{Emit: pong}})
}

func (c *channel) end() {
	c.mu.Lock()
	sessions := c.sessions
	c.sessions = map[uint64]*session{}
	c.mu.Unlock()
	for _, session := range sessions {
		session.end()
	}
}

func sessionOf(frame *guestpb.Frame) uint64 {
	switch kind := frame.GetKind().(type) {
	case *guestpb.Frame_Call:
		return kind.Call.GetSession()
	case *guestpb.Frame_Ok:
		return kind.Ok.GetSession()
	case *guestpb.Frame_Err:
		return kind.Err.GetSession()
	case *guestpb.Frame_Cancel:
		return kind.Cancel.GetSession()
	case *guestpb.Frame_Emit:
		return kind.Emit.GetSession()
	case *guestpb.Frame_Bye:
		return kind.Bye.GetSession()
	}
	return 0
}
