package main

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/golang/protobuf/ptypes/empty"
	"google.golang.org/grpc"

	"plugboard.dev/samples/polyglot/polyglotpb"
)

// printed is a line that the plugin printed.
type printed struct {
	Stream string `json:"stream"`
	Text   string `json:"text"`
}

// stdioData is what the service of newer versions of go-plugin sends.
type stdioData struct {
	Channel int32  `protobuf:"varint,1,opt,name=channel,proto3"`
	Data    []byte `protobuf:"bytes,2,opt,name=data,proto3"`
}

func (d *stdioData) Reset()         { *d = stdioData{} }
func (d *stdioData) String() string { return fmt.Sprintf("%d: %s", d.Channel, d.Data) }
func (*stdioData) ProtoMessage()    {}

// printedAfter asks the plugin to print the text, on both streams, and gives
// what the service of its output tells of that. It waits for two lines.
func (c *grpcCaller) printedAfter(text string) ([]printed, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	description := &grpc.StreamDesc{StreamName: "StreamStdio", ServerStreams: true}
	stream, err := c.connection.NewStream(ctx, description, "/plugin.GRPCStdio/StreamStdio")
	if err != nil {
		return nil, err
	}
	if err := stream.SendMsg(&empty.Empty{}); err != nil {
		return nil, err
	}
	if err := stream.CloseSend(); err != nil {
		return nil, err
	}
	report := &polyglotpb.ReportRequest{Text: text}
	if _, err := polyglotpb.NewGreeterClient(c.connection).Report(ctx, report); err != nil {
		return nil, err
	}
	var lines []printed
	for len(lines) < 2 {
		var data stdioData
		if err := stream.RecvMsg(&data); err != nil {
			return lines, err
		}
		name := map[int32]string{1: "stdout", 2: "stderr"}[data.Channel]
		for _, line := range bytes.Split(bytes.TrimSuffix(data.Data, []byte("\n")), []byte("\n")) {
			lines = append(lines, printed{Stream: name, Text: string(line)})
		}
	}
	return lines, nil
}

// lines keeps what was logged.
type lines struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (l *lines) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.Write(data)
}

func (l *lines) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var taken []string
	for _, line := range bytes.Split(l.buffer.Bytes(), []byte("\n")) {
		if len(line) > 0 {
			taken = append(taken, string(line))
		}
	}
	return taken
}
