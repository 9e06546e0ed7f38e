package plugboard

import (
	"strings"
	"testing"

	"plugboard.dev/plugboard/internal/stdiopb"
)

func TestWhatNobodyReadsInTimeIsDroppedAndCounted(t *testing.T) {
	p := &printed{pieces: make(chan *stdiopb.StdioData, kept)}
	for count := 0; count < kept+3; count++ {
		p.keep(&stdiopb.StdioData{Channel: 1, Data: []byte("ab")})
	}
	if loss := p.loss(); loss == nil || !strings.Contains(string(loss.Data), "(6 bytes ") {
		t.Errorf("the loss is told as %v", loss)
	}
	if again := p.loss(); again != nil {
		t.Errorf("the same loss is told again as %v", again)
	}
	if len(p.pieces) != kept {
		t.Errorf("%d pieces are kept", len(p.pieces))
	}
}
