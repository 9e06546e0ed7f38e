// Command gohost is a go-plugin host in Go, as its users write them. It starts
// any plugin that serves a greeter, does with it what the flags ask for, and
// prints what came of it as one JSON object. Tests hold Plugboard's plugins
// against it, and the benchmark its figures against Plugboard's.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	hclog "github.com/hashicorp/go-hclog"
	plugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"plugboard.dev/interop/netgreeter"
	"plugboard.dev/samples/polyglot/polyglotpb"
)

// options are the flags.
type options struct {
	cookie   string
	version  uint
	protocol string
	tls      string
	greet    string
	name     string
	slow     string
	callBack string
	print    string
	calls    int
	burst    int
	callers  int
	end      string
	hold     bool
	turns    bool
}

func main() {
	var o options
	flag.StringVar(&o.cookie, "cookie", "POLYGLOT_PLUGIN=parlez-vous", "the cookie, as KEY=VALUE")
	flag.UintVar(&o.version, "version", 1, "the protocol version that is asked for")
	flag.StringVar(&o.protocol, "protocol", "grpc", "grpc or netrpc")
	flag.StringVar(&o.tls, "tls", "none", "none, or auto for AutoMTLS")
	flag.StringVar(&o.greet, "greet", "/polyglot.v1.Greeter/Greet", "the rpc that greets")
	flag.StringVar(&o.name, "name", "World", "who is greeted")
	flag.StringVar(&o.slow, "slow", "", "an rpc that takes long, to be under way at a kill")
	flag.StringVar(&o.callBack, "call-back", "", "polyglot: greet formally, with a title that this host serves")
	flag.StringVar(&o.print, "print", "", "the text that the plugin is to print")
	flag.IntVar(&o.calls, "calls", 0, "calls one after the other, to be timed")
	flag.IntVar(&o.burst, "burst", 0, "calls from many callers, to be timed")
	flag.IntVar(&o.callers, "callers", 64, "how many callers")
	flag.StringVar(&o.end, "end", "stop", "stop, or kill for SIGKILL")
	flag.BoolVar(&o.hold, "hold", false, "keep the plugin until standard input ends")
	flag.BoolVar(&o.turns, "turns", false, "time what each line of standard input asks for, as `calls 100` or `burst 6400`")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "gohost [flags] plugin [args]")
		os.Exit(2)
	}
	report, err := run(o, flag.Args())
	if err != nil {
		report.Error = err.Error()
	}
	print(report)
	if err != nil {
		os.Exit(1)
	}
}

func print(report *report) {
	// A report holds nothing that can't be JSON.
	_ = json.NewEncoder(os.Stdout).Encode(report)
}

// report is what is printed.
type report struct {
	Error       string    `json:"error,omitempty"`
	PID         int       `json:"pid,omitempty"`
	HandshakeMs float64   `json:"handshakeMs,omitempty"`
	ConnectMs   float64   `json:"connectMs,omitempty"`
	FirstMs     float64   `json:"firstMs,omitempty"`
	Greeting    string    `json:"greeting,omitempty"`
	Ping        string    `json:"ping,omitempty"`
	Printed     []printed `json:"printed,omitempty"`
	CallBack    string    `json:"callBack,omitempty"`
	OneByOne    *oneByOne `json:"oneByOne,omitempty"`
	Burst       *burst    `json:"burst,omitempty"`
	End         *end      `json:"end,omitempty"`
	Log         []string  `json:"log,omitempty"`
}

// end is how the plugin ended.
type end struct {
	How      string  `json:"how"`
	FailedMs float64 `json:"failedMs,omitempty"`
	Failure  string  `json:"failure,omitempty"`
	ExitedMs float64 `json:"exitedMs"`
	Exited   bool    `json:"exited"`
}

func run(o options, command []string) (*report, error) {
	result := &report{}
	log := &lines{}
	key, value, _ := strings.Cut(o.cookie, "=")
	handshake := plugin.HandshakeConfig{ProtocolVersion: o.version, MagicCookieKey: key, MagicCookieValue: value}
	config := &plugin.ClientConfig{
		HandshakeConfig:  handshake,
		Plugins:          plugin.PluginSet{"greeter": &grpcGreeter{method: o.greet}},
		Cmd:              exec.Command(command[0], command[1:]...),
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         o.tls == "auto",
		Logger:           hclog.New(&hclog.LoggerOptions{Output: log, Level: hclog.Debug, JSONFormat: true}),
		Stderr:           io.Discard,
	}
	if o.protocol == "netrpc" {
		config.AllowedProtocols = []plugin.Protocol{plugin.ProtocolNetRPC}
		config.Plugins = plugin.PluginSet{"greeter": &netgreeter.Plugin{}}
	}
	client := plugin.NewClient(config)
	defer client.Kill()
	err := drive(o, client, config.Cmd, result)
	client.Kill()
	result.Log = log.take()
	return result, err
}

func drive(o options, client *plugin.Client, command *exec.Cmd, result *report) error {
	started := time.Now()
	if _, err := client.Start(); err != nil {
		return fmt.Errorf("start: %w", err)
	}
	result.HandshakeMs = since(started)
	result.PID = command.Process.Pid
	started = time.Now()
	protocol, err := client.Client()
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	dispensed, err := protocol.Dispense("greeter")
	if err != nil {
		return fmt.Errorf("dispense: %w", err)
	}
	result.ConnectMs = since(started)
	greeter, ok := dispensed.(netgreeter.Greeter)
	if !ok {
		return errors.New("what was dispensed does not greet")
	}
	started = time.Now()
	if result.Greeting, err = greeter.Greet(o.name); err != nil {
		return fmt.Errorf("greet: %w", err)
	}
	result.FirstMs = since(started)
	result.Ping = "ok"
	if err := protocol.Ping(); err != nil {
		result.Ping = err.Error()
	}
	if err := extras(o, greeter, result); err != nil {
		return err
	}
	if o.calls > 0 {
		if result.OneByOne, err = timeOneByOne(greeter, o.name, o.calls); err != nil {
			return fmt.Errorf("one by one: %w", err)
		}
	}
	if o.burst > 0 {
		if result.Burst, err = timeBurst(greeter, o.name, o.burst, o.callers); err != nil {
			return fmt.Errorf("burst: %w", err)
		}
	}
	if o.turns {
		print(result)
		if err := takeTurns(os.Stdin, os.Stdout, greeter, o); err != nil {
			return fmt.Errorf("turns: %w", err)
		}
	}
	if o.hold {
		print(result)
		_, _ = io.Copy(io.Discard, os.Stdin)
	}
	result.End = finish(o, client, command, greeter)
	return nil
}

func extras(o options, greeter netgreeter.Greeter, result *report) error {
	remote, ok := greeter.(*grpcCaller)
	if !ok {
		return nil
	}
	if o.callBack != "" {
		formal, err := remote.greetFormally(o.name)
		if err != nil {
			return fmt.Errorf("call-back: %w", err)
		}
		result.CallBack = formal
	}
	if o.print != "" {
		lines, err := remote.printedAfter(o.print)
		if err != nil {
			return fmt.Errorf("stdio: %w", err)
		}
		result.Printed = lines
	}
	return nil
}

// finish ends the plugin in the way that was asked for.
func finish(o options, client *plugin.Client, command *exec.Cmd, greeter netgreeter.Greeter) *end {
	result := &end{How: o.end}
	if o.end != "kill" {
		started := time.Now()
		client.Kill()
		result.ExitedMs, result.Exited = since(started), client.Exited()
		return result
	}
	failure := make(chan error, 1)
	if remote, ok := greeter.(*grpcCaller); ok && o.slow != "" {
		go func() { failure <- remote.greetSlowly(o.slow, o.name) }()
		time.Sleep(50 * time.Millisecond)
	}
	started := time.Now()
	// It is running: it has just answered.
	_ = command.Process.Kill()
	if o.slow == "" {
		_, err := greeter.Greet(o.name)
		failure <- err
	}
	if err := <-failure; err != nil {
		result.FailedMs, result.Failure = since(started), err.Error()
	}
	for !client.Exited() && since(started) < 5000 {
		time.Sleep(200 * time.Microsecond)
	}
	result.ExitedMs, result.Exited = since(started), client.Exited()
	return result
}

func since(started time.Time) float64 {
	return float64(time.Since(started)) / float64(time.Millisecond)
}

// grpcGreeter is the host's side of any plugin that greets over gRPC.
type grpcGreeter struct {
	plugin.NetRPCUnsupportedPlugin
	method string
}

func (*grpcGreeter) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error {
	return errors.New("gohost is a host only")
}

func (g *grpcGreeter) GRPCClient(
	_ context.Context, broker *plugin.GRPCBroker, connection *grpc.ClientConn,
) (any, error) {
	return &grpcCaller{method: g.method, broker: broker, connection: connection}, nil
}

type grpcCaller struct {
	method     string
	broker     *plugin.GRPCBroker
	connection *grpc.ClientConn
}

// Greet greets by whichever rpc takes a name first and gives a text first.
func (c *grpcCaller) Greet(name string) (string, error) {
	var response polyglotpb.GreetResponse
	err := c.connection.Invoke(context.Background(), c.method, &polyglotpb.GreetRequest{Name: name}, &response)
	return response.Message, err
}

func (c *grpcCaller) greetSlowly(method, name string) error {
	request := &polyglotpb.GreetSlowlyRequest{Name: name, DelayMs: 30_000}
	return c.connection.Invoke(context.Background(), method, request, &polyglotpb.GreetResponse{})
}

// titles is what this host serves to plugins.
type titles struct{}

func (titles) Find(
	context.Context, *polyglotpb.FindTitleRequest,
) (*polyglotpb.FindTitleResponse, error) {
	return &polyglotpb.FindTitleResponse{Title: "Professor"}, nil
}

func (c *grpcCaller) greetFormally(name string) (string, error) {
	id := c.broker.NextId()
	go c.broker.AcceptAndServe(id, func(options []grpc.ServerOption) *grpc.Server {
		server := grpc.NewServer(options...)
		polyglotpb.RegisterTitlesServer(server, titles{})
		return server
	})
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	request := &polyglotpb.GreetFormallyRequest{Name: name, Titles: id}
	response, err := polyglotpb.NewGreeterClient(c.connection).GreetFormally(ctx, request)
	return response.GetMessage(), err
}

// compile-time checks of what go-plugin asks for.
var (
	_ plugin.GRPCPlugin = (*grpcGreeter)(nil)
	_ plugin.Plugin     = (*netgreeter.Plugin)(nil)
)
