package plugboard

import (
	"sync"

	"github.com/golang/protobuf/proto"

	"plugboard.dev/plugboard/internal/guestpb"
)

// longestBatch is how many frames are sent in one go, and largestBatch how
// many bytes, unless a single frame has more.
const (
	longestBatch = 256
	largestBatch = 1024 * 1024
)

// outbox sends frames in the order in which they were added. Whoever adds one
// while nobody sends, sends; what others add meanwhile goes along in one batch.
type outbox struct {
	send func(*guestpb.Frames) error

	mu      sync.Mutex
	pending []*guestpb.Frame
	sending bool
	failed  bool
}

func (o *outbox) add(frame *guestpb.Frame) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failed {
		return
	}
	o.pending = append(o.pending, frame)
	if o.sending {
		return
	}
	o.sending = true
	for len(o.pending) > 0 && !o.failed {
		batch := nextBatch(o.pending)
		o.pending = o.pending[len(batch):]
		o.mu.Unlock()
		err := o.send(&guestpb.Frames{Frames: batch})
		o.mu.Lock()
		if err != nil {
			// The stream is over, and whoever reads from it hears why.
			o.failed = true
			o.pending = nil
		}
	}
	o.sending = false
}

// nextBatch is as much of the frames as is sent in one go.
func nextBatch(frames []*guestpb.Frame) []*guestpb.Frame {
	if len(frames) == 1 {
		return frames
	}
	bytes := 0
	for index, frame := range frames {
		bytes += proto.Size(frame)
		if index > 0 && (index == longestBatch || bytes > largestBatch) {
			return frames[:index:index]
		}
	}
	return frames
}
