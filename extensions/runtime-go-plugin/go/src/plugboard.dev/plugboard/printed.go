package plugboard

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"github.com/golang/protobuf/ptypes/empty"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"plugboard.dev/plugboard/internal/stdiopb"
)

const (
	stdioService = "plugin.GRPCStdio"
	// piece is how much is sent at once; kept is how many pieces wait for a reader.
	piece = 1024
	kept  = 1024
)

// printed carries what the program prints to the host. Versions of go-plugin
// before 1.1 replace os.Stdout and os.Stderr by pipes that nobody empties, so
// that a program that prints hangs sooner or later; later ones serve the
// pipes, and are left alone.
type printed struct {
	once   sync.Once
	pieces chan *stdiopb.StdioData
	// lost counts the bytes that were dropped since the host was last told.
	lost int64
}

// servePrinted adds the service that go-plugin lacks; nil if it lacks none.
func servePrinted(server *grpc.Server) *printed {
	if _, served := server.GetServiceInfo()[stdioService]; served {
		return nil
	}
	p := &printed{pieces: make(chan *stdiopb.StdioData, kept)}
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: stdioService,
		HandlerType: (*any)(nil),
		Streams: []grpc.StreamDesc{{
			StreamName:    "StreamStdio",
			ServerStreams: true,
			Handler: func(_ any, stream grpc.ServerStream) error {
				return p.stream(stream)
			},
		}},
	}, p)
	return p
}

// redirect takes what is printed from now on. go-plugin has put its own pipes
// in place by the time that a host connects.
func (p *printed) redirect() {
	if p == nil {
		return
	}
	p.once.Do(func() {
		p.take(&os.Stdout, 1)
		p.take(&os.Stderr, 2)
	})
}

func (p *printed) take(stream **os.File, channel int32) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return
	}
	*stream = writer
	go func() {
		for {
			buffer := make([]byte, piece)
			length, err := reader.Read(buffer)
			if length > 0 {
				p.keep(&stdiopb.StdioData{Channel: channel, Data: buffer[:length]})
			}
			if err != nil {
				return
			}
		}
	}()
}

// keep drops the oldest piece when nobody reads, so that printing never blocks.
func (p *printed) keep(data *stdiopb.StdioData) {
	for {
		select {
		case p.pieces <- data:
			return
		default:
		}
		select {
		case oldest := <-p.pieces:
			atomic.AddInt64(&p.lost, int64(len(oldest.GetData())))
		default:
		}
	}
}

// loss tells what was dropped since it was last asked; nil for nothing.
func (p *printed) loss() *stdiopb.StdioData {
	lost := atomic.SwapInt64(&p.lost, 0)
	if lost == 0 {
		return nil
	}
	line := fmt.Sprintf("\n(%d bytes that were printed before this were left out: nobody read them in time)\n", lost)
	return &stdiopb.StdioData{Channel: 2, Data: []byte(line)}
}

func (p *printed) stream(stream grpc.ServerStream) error {
	if err := stream.RecvMsg(new(empty.Empty)); err != nil && err != io.EOF {
		return err
	}
	p.redirect()
	for {
		select {
		case data := <-p.pieces:
			if loss := p.loss(); loss != nil {
				if err := stream.SendMsg(loss); err != nil {
					return err
				}
			}
			if err := stream.SendMsg(data); err != nil {
				return err
			}
		case <-stream.Context().Done():
			return status.Error(codes.Canceled, "the host no longer reads")
		}
	}
}
