// Package netgreeter is a greeter over net/rpc, both ends of it: what go-plugin
// hosts and plugins say to each other if neither asks for gRPC.
package netgreeter

import (
	"net/rpc"

	plugin "github.com/hashicorp/go-plugin"
)

// Handshake is what host and plugin agree on.
var Handshake = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "NETGREETER_PLUGIN",
	MagicCookieValue: "hello",
}

// Greeter greets.
type Greeter interface {
	Greet(name string) (string, error)
}

// Plugin serves a Greeter, or calls one.
type Plugin struct {
	// Greeter is what is served; nil in a host.
	Greeter Greeter
}

// Server gives what answers the host.
func (p *Plugin) Server(*plugin.MuxBroker) (any, error) { return &Server{greeter: p.Greeter}, nil }

// Client gives what calls the plugin.
func (*Plugin) Client(_ *plugin.MuxBroker, client *rpc.Client) (any, error) {
	return &caller{client: client}, nil
}

// Server is the shape that net/rpc asks for.
type Server struct{ greeter Greeter }

// Greet answers a call.
func (s *Server) Greet(name string, reply *string) error {
	greeting, err := s.greeter.Greet(name)
	*reply = greeting
	return err
}

type caller struct{ client *rpc.Client }

func (c *caller) Greet(name string) (string, error) {
	var reply string
	err := c.client.Call("Plugin.Greet", name, &reply)
	return reply, err
}
