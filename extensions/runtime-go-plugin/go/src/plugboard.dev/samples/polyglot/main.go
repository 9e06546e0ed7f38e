// Command polyglot is a plugin for a host of its own making, served over gRPC
// by hashicorp/go-plugin. Plugboard runs it unchanged: the manifest beside it
// says which of its services stand for which contributions.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	hclog "github.com/hashicorp/go-hclog"
	plugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"plugboard.dev/samples/polyglot/polyglotpb"
)

func main() {
	logger := hclog.New(&hclog.LoggerOptions{Name: "polyglot", Level: hclog.Trace, Output: os.Stderr, JSONFormat: true})
	logger.Info("starting", "pid", os.Getpid())
	polyglot := plugin.PluginSet{"polyglot": &polyglotPlugin{logger: logger}}
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			MagicCookieKey:   "POLYGLOT_PLUGIN",
			MagicCookieValue: "parlez-vous",
		},
		VersionedPlugins: map[int]plugin.PluginSet{1: polyglot, 2: polyglot},
		GRPCServer:       plugin.DefaultGRPCServer,
		Logger:           logger,
	})
}

type polyglotPlugin struct {
	plugin.NetRPCUnsupportedPlugin
	logger hclog.Logger
}

func (p *polyglotPlugin) GRPCServer(broker *plugin.GRPCBroker, server *grpc.Server) error {
	polyglotpb.RegisterGreeterServer(server, &greeter{broker: broker, logger: p.logger})
	polyglotpb.RegisterTransformerServer(server, transformer{})
	return nil
}

func (p *polyglotPlugin) GRPCClient(context.Context, *plugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.New("polyglot is a plugin only")
}

type greeter struct {
	broker *plugin.GRPCBroker
	logger hclog.Logger
}

func greeting(name string) *polyglotpb.GreetResponse {
	return &polyglotpb.GreetResponse{Message: fmt.Sprintf("Bonjour, %s ! Enchanté.", name)}
}

func (g *greeter) Greet(_ context.Context, request *polyglotpb.GreetRequest) (*polyglotpb.GreetResponse, error) {
	return greeting(request.Name), nil
}

func (g *greeter) GreetSlowly(
	ctx context.Context, request *polyglotpb.GreetSlowlyRequest,
) (*polyglotpb.GreetResponse, error) {
	select {
	case <-time.After(time.Duration(request.DelayMs) * time.Millisecond):
		return greeting(request.Name), nil
	case <-ctx.Done():
		g.logger.Warn("nobody waits any more", "name", request.Name, "reason", ctx.Err().Error())
		return nil, status.FromContextError(ctx.Err()).Err()
	}
}

func (g *greeter) GreetOften(request *polyglotpb.GreetOftenRequest, stream polyglotpb.Greeter_GreetOftenServer) error {
	for count := uint32(0); count < request.Times; count++ {
		if err := stream.Send(greeting(fmt.Sprintf("%s %d", request.Name, count+1))); err != nil {
			return err
		}
	}
	return nil
}

func (g *greeter) GreetFormally(
	ctx context.Context, request *polyglotpb.GreetFormallyRequest,
) (*polyglotpb.GreetResponse, error) {
	connection, err := g.broker.Dial(request.Titles)
	if err != nil {
		return nil, status.Errorf(codes.FailedPrecondition, "the host serves no titles: %v", err)
	}
	defer connection.Close()
	titles := polyglotpb.NewTitlesClient(connection)
	title, err := titles.Find(ctx, &polyglotpb.FindTitleRequest{Name: request.Name})
	if err != nil {
		return nil, err
	}
	return greeting(title.Title + " " + request.Name), nil
}

func (g *greeter) Fail(_ context.Context, request *polyglotpb.FailRequest) (*polyglotpb.GreetResponse, error) {
	return nil, status.Error(codes.Code(request.Code), request.Message)
}

func (g *greeter) Report(_ context.Context, request *polyglotpb.ReportRequest) (*polyglotpb.ReportResponse, error) {
	fmt.Println("printed: " + request.Text)
	fmt.Fprintln(os.Stderr, "printed as an error: "+request.Text)
	g.logger.Info("reported", "text", request.Text)
	return &polyglotpb.ReportResponse{}, nil
}

type transformer struct{}

func (transformer) Transform(
	_ context.Context, request *polyglotpb.TransformRequest,
) (*polyglotpb.TransformResponse, error) {
	words := strings.Fields(request.Input)
	for index, word := range words {
		runes := []rune(word)
		for left, right := 0, len(runes)-1; left < right; left, right = left+1, right-1 {
			runes[left], runes[right] = runes[right], runes[left]
		}
		words[index] = string(runes)
	}
	return &polyglotpb.TransformResponse{Output: strings.Join(words, " ")}, nil
}
