// Command contracthost is a go-plugin host in Go that uses extensions of
// Plugboard. It starts `plugboard serve-go-plugin`, does the steps it is given
// one after the other, and prints what came of each as a line of JSON.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/golang/protobuf/ptypes/empty"
	hclog "github.com/hashicorp/go-hclog"
	plugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"plugboard.dev/plugboard/contract"
)

func main() {
	cookie := flag.String("cookie", "", "another cookie, as KEY=VALUE")
	version := flag.Uint("version", 1, "the protocol version that is asked for")
	tls := flag.Bool("tls", false, "AutoMTLS")
	do := flag.String("do", "", "steps, separated by spaces; their arguments follow a slash each")
	flag.Parse()
	handshake := contract.Handshake
	handshake.ProtocolVersion = *version
	if key, value, found := strings.Cut(*cookie, "="); found {
		handshake.MagicCookieKey, handshake.MagicCookieValue = key, value
	}
	command := exec.Command(flag.Arg(0), flag.Args()[1:]...)
	h := &host{command: command, log: &kept{}, printed: &kept{}}
	h.client = plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  handshake,
		Plugins:          plugin.PluginSet{"extensions": &connected{host: h}},
		Cmd:              command,
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         *tls,
		Logger:           hclog.New(&hclog.LoggerOptions{Output: h.log, Level: hclog.Trace, JSONFormat: true}),
	})
	defer h.client.Kill()
	if !h.report("start", h.start) {
		return
	}
	for _, step := range strings.Fields(*do) {
		name, rest, _ := strings.Cut(step, "/")
		h.report(step, func() (interface{}, error) { return h.do(name, strings.Split(rest, "/")) })
	}
	h.report("stop", h.stop)
}

// connected keeps the connection beside what the plugin dispenses.
type connected struct {
	contract.Plugin
	host *host
}

func (c *connected) GRPCClient(
	ctx context.Context, broker *plugin.GRPCBroker, connection *grpc.ClientConn,
) (interface{}, error) {
	c.host.connection = connection
	return c.Plugin.GRPCClient(ctx, broker, connection)
}

type host struct {
	command    *exec.Cmd
	client     *plugin.Client
	protocol   plugin.ClientProtocol
	connection *grpc.ClientConn
	extensions *contract.Extensions
	log        *kept
	printed    *kept
}

// report prints what came of a step, and says whether it went well.
func (h *host) report(step string, deed func() (interface{}, error)) bool {
	started := time.Now()
	result, err := deed()
	line := map[string]interface{}{
		"step": step, "result": result, "ms": float64(time.Since(started)) / float64(time.Millisecond),
	}
	if err != nil {
		line["error"] = err.Error()
	}
	_ = json.NewEncoder(os.Stdout).Encode(line)
	return err == nil
}

func (h *host) start() (interface{}, error) {
	if _, err := h.client.Start(); err != nil {
		return h.log.text(), err
	}
	protocol, err := h.client.Client()
	if err != nil {
		return nil, err
	}
	h.protocol = protocol
	dispensed, err := protocol.Dispense("extensions")
	if err != nil {
		return nil, err
	}
	h.extensions = dispensed.(*contract.Extensions)
	return h.command.Process.Pid, nil
}

func (h *host) stop() (interface{}, error) {
	h.client.Kill()
	return h.command.ProcessState.ExitCode(), nil
}

func (h *host) do(name string, arguments []string) (interface{}, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	first, second := arguments[0], ""
	if len(arguments) > 1 {
		second = arguments[1]
	}
	number, _ := strconv.Atoi(first)
	switch name {
	case "greeters":
		list, err := h.extensions.Greeter.List(ctx, &contract.ListRequest{})
		return list.GetContributions(), err
	case "transformers":
		list, err := h.extensions.Transformer.List(ctx, &contract.ListRequest{})
		return list.GetContributions(), err
	case "lang":
		answer, err := h.extensions.Greeter.Lang(ctx, &contract.LangRequest{Id: first})
		return answer.GetLang(), err
	case "name":
		answer, err := h.extensions.Transformer.Name(ctx, &contract.NameRequest{Id: first})
		return answer.GetName(), err
	case "greet":
		answer, err := h.extensions.Greeter.Greet(ctx, &contract.GreetRequest{Id: first, Name: second})
		return answer.GetMessage(), err
	case "greet-within": // milliseconds, id
		limited, cancel := context.WithTimeout(ctx, time.Duration(number)*time.Millisecond)
		defer cancel()
		answer, err := h.extensions.Greeter.Greet(limited, &contract.GreetRequest{Id: second})
		return answer.GetMessage(), err
	case "transform":
		request := &contract.TransformRequest{Id: first, Input: second}
		answer, err := h.extensions.Transformer.Transform(ctx, request)
		return answer.GetOutput(), err
	case "transform-bytes": // how many, id
		request := &contract.TransformRequest{Id: second, Input: strings.Repeat("x", number)}
		answer, err := h.extensions.Transformer.Transform(ctx, request)
		return len(answer.GetOutput()), err
	case "offer":
		return nil, h.extensions.Offer(ctx, orders)
	case "ping":
		return nil, h.protocol.Ping()
	case "stdio":
		return nil, h.readStdio()
	case "printed": // the text that is waited for
		return h.printed.waitFor(first)
	case "logged":
		return h.log.waitFor(first)
	case "signal":
		return nil, h.command.Process.Signal(syscall.Signal(number))
	case "sleep":
		time.Sleep(time.Duration(number) * time.Millisecond)
		return nil, nil
	case "hold":
		_, err := io.Copy(io.Discard, os.Stdin)
		return nil, err
	}
	return nil, fmt.Errorf("there is no step %s", name)
}

// orders is what this program offers to extensions.
var orders = contract.Services{
	"acme.orders": {
		"find": func(_ context.Context, arguments []json.RawMessage) (interface{}, error) {
			var id int
			if err := json.Unmarshal(arguments[0], &id); err != nil {
				return nil, err
			}
			if id == 0 {
				return nil, fmt.Errorf("there is no order %d", id)
			}
			return map[string]interface{}{"id": id, "for": "Ada"}, nil
		},
	},
}

// stdioData is what the service of newer versions of go-plugin sends.
type stdioData struct {
	Channel int32  `protobuf:"varint,1,opt,name=channel,proto3"`
	Data    []byte `protobuf:"bytes,2,opt,name=data,proto3"`
}

func (d *stdioData) Reset()         { *d = stdioData{} }
func (d *stdioData) String() string { return fmt.Sprintf("%d: %s", d.Channel, d.Data) }
func (*stdioData) ProtoMessage()    {}

// readStdio does what newer versions of go-plugin do as soon as they connect.
func (h *host) readStdio() error {
	description := &grpc.StreamDesc{StreamName: "StreamStdio", ServerStreams: true}
	stream, err := h.connection.NewStream(context.Background(), description, "/plugin.GRPCStdio/StreamStdio")
	if err != nil {
		return err
	}
	if err := stream.SendMsg(&empty.Empty{}); err != nil {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	go func() {
		for {
			var data stdioData
			if stream.RecvMsg(&data) != nil {
				return
			}
			name := map[int32]string{1: "out", 2: "err"}[data.Channel]
			_, _ = h.printed.Write([]byte(name + ":" + string(data.Data)))
		}
	}()
	return nil
}

// kept is text that came in pieces.
type kept struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (k *kept) Write(data []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.buffer.Write(data)
}

func (k *kept) text() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.buffer.String()
}

// waitFor gives all lines so far once one of them holds the text.
func (k *kept) waitFor(part string) ([]string, error) {
	for until := time.Now().Add(5 * time.Second); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if text := k.text(); strings.Contains(text, part) {
			return strings.Split(strings.TrimSpace(text), "\n"), nil
		}
	}
	return strings.Split(k.text(), "\n"), fmt.Errorf("%s has not come", part)
}
