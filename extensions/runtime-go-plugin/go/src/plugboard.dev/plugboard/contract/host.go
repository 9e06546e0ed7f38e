// Package contract lets a Go program use extensions of Plugboard: it starts
// `plugboard serve-go-plugin` with hashicorp/go-plugin, as it starts any other
// plugin, and calls the greeters and transformers of the folders served.
//
//	client := plugin.NewClient(&plugin.ClientConfig{
//		HandshakeConfig:  contract.Handshake,
//		Plugins:          plugin.PluginSet{"extensions": &contract.Plugin{}},
//		Cmd:              exec.Command("plugboard", "serve-go-plugin", "./extensions"),
//		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
//	})
//
// The package is a convenience: everything in it is made of contract.proto.
package contract

import (
	"context"
	"encoding/json"
	"errors"

	plugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Handshake is what `plugboard serve-go-plugin` agrees to unless it is told
// another cookie.
var Handshake = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "PLUGBOARD_PLUGIN",
	MagicCookieValue: "plugboard-contract",
}

// Plugin is the host's side; what it dispenses is *Extensions.
type Plugin struct {
	plugin.NetRPCUnsupportedPlugin
}

var _ plugin.GRPCPlugin = (*Plugin)(nil)

// GRPCServer fails: extensions are served by Plugboard.
func (*Plugin) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error {
	return errors.New("contract: extensions are served by plugboard serve-go-plugin")
}

// GRPCClient gives *Extensions.
func (*Plugin) GRPCClient(
	_ context.Context, broker *plugin.GRPCBroker, connection *grpc.ClientConn,
) (interface{}, error) {
	return &Extensions{
		Greeter:     NewGreeterClient(connection),
		Transformer: NewTransformerClient(connection),
		plugin:      NewPluginClient(connection),
		broker:      broker,
	}, nil
}

// Extensions is what a plugin's folders contribute.
type Extensions struct {
	Greeter     GreeterClient
	Transformer TransformerClient
	plugin      PluginClient
	broker      *plugin.GRPCBroker
}

// Offer lets extensions call services of this program, from now on and until
// the plugin ends. A later offer takes the place of an earlier one.
func (e *Extensions) Offer(ctx context.Context, services HostServicesServer) error {
	id := e.broker.NextId()
	go e.broker.AcceptAndServe(id, func(options []grpc.ServerOption) *grpc.Server {
		server := grpc.NewServer(options...)
		RegisterHostServicesServer(server, services)
		return server
	})
	_, err := e.plugin.Offer(ctx, &OfferRequest{BrokerId: id})
	return err
}

// Method answers a call with a value that can be written as JSON.
type Method func(ctx context.Context, arguments []json.RawMessage) (interface{}, error)

// Services are methods by service and name, to be offered.
type Services map[string]map[string]Method

var _ HostServicesServer = Services(nil)

// Call answers a call of an extension.
func (s Services) Call(ctx context.Context, call *ServiceCall) (*ServiceResult, error) {
	method := s[call.Service][call.Method]
	if method == nil {
		return nil, status.Errorf(codes.Unimplemented, "there is no %s of %s", call.Method, call.Service)
	}
	var arguments []json.RawMessage
	if err := json.Unmarshal(call.Arguments, &arguments); err != nil {
		return nil, status.Errorf(codes.InvalidArgument, "the arguments are no JSON array: %v", err)
	}
	value, err := method(ctx, arguments)
	if err != nil {
		return nil, err
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return nil, status.Errorf(codes.Internal, "the result can't be written as JSON: %v", err)
	}
	return &ServiceResult{Value: encoded}, nil
}
