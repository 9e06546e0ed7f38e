package plugboard

import (
	"fmt"
	"math"
	"sync"
	"time"
	"unicode/utf16"
)

// What a session may log: bursts are told whole, and what goes on and on is
// counted instead, so that it takes neither memory here nor time of the host.
const (
	burstMessages     = 100_000
	messagesPerSecond = 10_000
	burstBytes        = 64 * 1024 * 1024
	bytesPerSecond    = 8 * 1024 * 1024
)

// longestMessage is how many UTF-16 units of a message are told.
const longestMessage = 64 * 1024

const cutMark = " … (cut)"

// cutMessage is the message as it is told.
func cutMessage(message string) string {
	if len(message) <= longestMessage {
		return message
	}
	kept := longestMessage - len(utf16.Encode([]rune(cutMark)))
	units, end := 0, 0
	for index, r := range message {
		if units <= kept {
			end = index
		}
		units++
		if r > 0xffff {
			units++
		}
		if units > longestMessage {
			return message[:end] + cutMark
		}
	}
	return message
}

// logAllowance is one session's allowance: a message is told or counted, and
// the count is told.
type logAllowance struct {
	tellDropped func(text string)

	mu       sync.Mutex
	messages float64
	bytes    float64
	filledAt time.Time
	dropped  int
	// second runs while nothing is told.
	second *time.Timer
}

func newLogAllowance(tellDropped func(text string)) *logAllowance {
	return &logAllowance{
		tellDropped: tellDropped,
		messages:    burstMessages,
		bytes:       burstBytes,
		filledAt:    time.Now(),
	}
}

// spent tells whether messages are counted now, however small they are, and
// counts the one that it is asked about.
func (a *logAllowance) spent() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.second == nil {
		return false
	}
	a.dropped++
	return true
}

// take tells whether a message may be told; if not it is counted, and for the
// rest of a second all are: it is easier to see what is left out in one piece.
func (a *logAllowance) take(bytes int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.second == nil && a.hasRoomFor(float64(bytes)) {
		a.messages--
		a.bytes -= float64(bytes)
		return true
	}
	a.dropped++
	if a.second == nil {
		a.second = time.AfterFunc(time.Second, a.end)
	}
	return false
}

// end tells now what was counted: nothing more may come.
func (a *logAllowance) end() {
	a.mu.Lock()
	if a.second != nil {
		a.second.Stop()
		a.second = nil
	}
	count := a.dropped
	a.dropped = 0
	a.mu.Unlock()
	if count > 0 {
		a.tellDropped(fmt.Sprintf("(%s more messages were logged and left out)", grouped(count)))
	}
}

func (a *logAllowance) hasRoomFor(bytes float64) bool {
	if a.messages >= 1 && a.bytes >= bytes {
		return true
	}
	now := time.Now()
	seconds := now.Sub(a.filledAt).Seconds()
	a.filledAt = now
	a.messages = math.Min(burstMessages, a.messages+seconds*messagesPerSecond)
	a.bytes = math.Min(burstBytes, a.bytes+seconds*bytesPerSecond)
	return a.messages >= 1 && a.bytes >= bytes
}

// grouped writes a count with a comma between thousands.
func grouped(count int) string {
	if count < 1000 {
		return fmt.Sprint(count)
	}
	return fmt.Sprintf("%s,%03d", grouped(count/1000), count%1000)
}
