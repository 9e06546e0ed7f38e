package plugboard

import (
	"strings"
	"testing"
)

func TestBurstsAreToldWholeAndTheRestIsCounted(t *testing.T) {
	var told []string
	allowance := newLogAllowance(func(text string) { told = append(told, text) })
	taken := 0
	for index := 0; index < 2*burstMessages; index++ {
		if !allowance.spent() && allowance.take(1) {
			taken++
		}
	}
	if taken < burstMessages {
		t.Fatalf("only %d messages of a burst are told", taken)
	}
	allowance.end()
	left := grouped(2*burstMessages - taken)
	if len(told) == 0 || !strings.HasPrefix(told[len(told)-1], "("+left+" more messages") {
		t.Fatalf("%s messages were left out, told is %q", left, told)
	}
	if allowance.spent() {
		t.Fatal("the end is not a new beginning")
	}
}

func TestLongMessagesAreCut(t *testing.T) {
	whole := strings.Repeat("x", longestMessage)
	if cutMessage(whole) != whole {
		t.Fatal("a message of the greatest length is not told whole")
	}
	cut := cutMessage(strings.Repeat("😀", longestMessage))
	if !strings.HasSuffix(cut, "😀"+cutMark) || len(cut) > 2*longestMessage {
		t.Fatalf("a message of %d bytes ends with %q", len(cut), cut[len(cut)-20:])
	}
}

func TestCirclesAreRefusedAndWhatOccursTwiceIsNot(t *testing.T) {
	circle := map[string]any{}
	circle["list"] = []any{1, circle}
	_, refused := encodeData(map[string]any{"circle": circle}, 1<<20)
	if refused == nil || refused.pointer() != "/circle/list/1" {
		t.Fatalf("a circle gives %+v", refused)
	}
	twice := []any{1}
	if _, refused := encodeData([]any{twice, twice, []any{}, []any{[]any{}}}, 1<<20); refused != nil {
		t.Fatalf("what occurs twice gives %+v", refused)
	}
}
