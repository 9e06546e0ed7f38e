package plugboard

import (
	"errors"
	"math"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/golang/protobuf/proto"

	"plugboard.dev/plugboard/internal/guestpb"
)

const plenty = 1 << 20

func crossed(t *testing.T, value any) any {
	t.Helper()
	encoded, refused := encodeData(value, plenty)
	if refused != nil {
		t.Fatalf("%v can't be sent: %s at %s", value, refused.found, refused.pointer())
	}
	bytes, err := proto.Marshal(encoded)
	if err != nil {
		t.Fatal(err)
	}
	read := new(guestpb.Value)
	if err := proto.Unmarshal(bytes, read); err != nil {
		t.Fatal(err)
	}
	decoded, err := decodeData(read)
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

func TestValuesArriveAsTheyWereSent(t *testing.T) {
	values := []any{
		nil, Undefined, true, "", "Grüße, 世界", "half a pair: \xed\xa0\xbd", 0.5, math.Inf(-1),
		big.NewInt(-1), new(big.Int).Lsh(big.NewInt(1), 200),
		[]any{1.0, Holes(3), []any{}}, &NamedList{Items: []any{1.0}, Named: map[string]any{"index": 0.0}},
		map[string]any{"__proto__": nil, "a/b": map[string]any{"deep": []any{"x"}}, "\xed\xb0\x80": 1.0},
		[]byte{1, 2, 3}, ArrayBuffer{4}, DataView{5}, Int8Array{-1}, Uint8ClampedArray{255}, Int16Array{-2}, Uint16Array{3},
		Int32Array{-4}, Uint32Array{5}, Float16Array{6}, Float32Array{0.5}, Float64Array{0.25},
		BigInt64Array{math.MinInt64}, BigUint64Array{math.MaxUint64},
		time.UnixMilli(1_700_000_000_123).UTC(), InvalidDate{}, RegExp{Source: "a+", Flags: "gi"},
		&Map{Entries: []MapEntry{{Key: map[string]any{"k": 1.0}, Value: Undefined}}},
		&Set{Values: []any{1.0, "two"}}, Boxed{Value: "text"},
		&ErrorValue{Name: "TypeError", Message: "no", Cause: &ErrorValue{Name: "Error", Message: "why", Cause: Undefined}},
	}
	for _, value := range values {
		if got := crossed(t, value); !reflect.DeepEqual(got, value) {
			t.Errorf("%#v arrives as %#v", value, got)
		}
	}
	if number := crossed(t, math.Copysign(0, -1)).(float64); !math.Signbit(number) {
		t.Error("-0 arrives as 0")
	}
	if number := crossed(t, math.NaN()).(float64); !math.IsNaN(number) {
		t.Error("NaN arrives as a number")
	}
}

func TestValuesOfTheAuthorsTypesAreSentAsPlainOnes(t *testing.T) {
	type colour string
	type inner struct{ Shade colour }
	type outer struct {
		inner
		Count   uint8
		Renamed *int   `json:"other"`
		Empty   string `json:",omitempty"`
		Hidden  int    `json:"-"`
		private int
	}
	seven := 7
	got := crossed(t, []outer{{inner: inner{Shade: "red"}, Count: 3, Renamed: &seven, private: 1}})
	want := []any{map[string]any{"shade": "red", "count": 3.0, "other": 7.0}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("arrives as %#v", got)
	}
	if got := crossed(t, map[int]string{2: "b", 1: "a"}); !reflect.DeepEqual(got, &Map{Entries: []MapEntry{
		{Key: 1.0, Value: "a"}, {Key: 2.0, Value: "b"},
	}}) {
		t.Errorf("a map of numbers arrives as %#v", got)
	}
}

func TestAValueThatCannotBeSentIsNamedByItsPlace(t *testing.T) {
	circle := map[string]any{}
	circle["self"] = circle
	cases := map[string]any{
		"/a~1b/1": map[string]any{"a/b": []any{1, func() {}}},
		"/big":    map[string]any{"big": int64(1) << 60},
		"":        make(chan int),
	}
	for place, value := range cases {
		_, refused := encodeData(value, plenty)
		if refused == nil || refused.pointer() != place {
			t.Errorf("%v is refused at %v", value, refused)
		}
	}
	if _, refused := encodeData(circle, plenty); refused == nil || refused.pointer() != "/self" {
		t.Errorf("a circle is refused as %v", refused)
	}
	if _, refused := encodeData(strings.Repeat("x", 100), 99); refused == nil || !refused.tooLarge {
		t.Errorf("a text over the limit is refused as %v", refused)
	}
}

func TestAnObjectThatWasMetBeforeIsTheSame(t *testing.T) {
	object := &guestpb.Value{Kind: &guestpb.Value_Object{Object: &guestpb.ObjectValue{}}}
	same := &guestpb.Value{Kind: &guestpb.Value_Same{Same: 1}}
	list := &guestpb.ListValue{Items: []*guestpb.Value{object, same}}
	decoded, err := decodeData(&guestpb.Value{Kind: &guestpb.Value_List{List: list}})
	if err != nil {
		t.Fatal(err)
	}
	items := decoded.([]any)
	items[0].(map[string]any)["mark"] = true
	if items[1].(map[string]any)["mark"] != true {
		t.Error("what was sent twice arrives as two")
	}
	if _, err := decodeData(&guestpb.Value{Kind: &guestpb.Value_Same{Same: 1}}); err == nil {
		t.Error("an object that nobody sent is read")
	}
}

func TestIntoGivesValuesTheTypeThatIsAskedFor(t *testing.T) {
	var target struct {
		Name  string
		Ages  []int
		Extra map[string]*float64
	}
	value := map[string]any{
		"name": "Ada", "ages": []any{1.0, 2.0}, "extra": map[string]any{"x": 0.5, "none": nil},
	}
	if err := Into(value, &target); err != nil {
		t.Fatal(err)
	}
	if target.Name != "Ada" || !reflect.DeepEqual(target.Ages, []int{1, 2}) || *target.Extra["x"] != 0.5 {
		t.Errorf("becomes %#v", target)
	}
	var small int8
	if err := Into(300.0, &small); err == nil {
		t.Error("a number that does not fit is taken")
	}
	if err := Into(0.5, &small); err == nil {
		t.Error("a fraction is taken for an integer")
	}
	if err := Into("7", &small); err == nil || !strings.Contains(err.Error(), "not a string") {
		t.Errorf("a text is taken for a number: %v", err)
	}
}

func TestErrorsKeepTheirCodesDetailsAndCauses(t *testing.T) {
	thrown := &Error{
		Name: "RangeError", Message: "outer", Code: "E_OUTER", Details: map[string]any{"limit": 3.0},
		Cause: &Error{Name: "Error", Message: "inner", Code: 42.0},
	}
	got := decodeThrown(encodeThrown(thrown, true))
	if !reflect.DeepEqual(got, error(thrown)) {
		t.Errorf("arrives as %#v", got)
	}
	if !HasCode(got, "E_OUTER") || HasCode(got, "E_OTHER") {
		t.Error("the code is not found")
	}
	plain := decodeThrown(encodeThrown(errors.New("plain"), true)).(*Error)
	if plain.Name != "Error" || plain.Message != "plain" || plain.Cause != nil {
		t.Errorf("an error of Go's own arrives as %#v", plain)
	}
	var deep error = errors.New("the first")
	for depth := 0; depth < 100; depth++ {
		deep = &Error{Message: strings.Repeat("x", 100_000), Cause: deep}
	}
	if size := proto.Size(encodeThrown(deep, true)); size > 2*mostThrownText {
		t.Errorf("an error without end takes %d bytes", size)
	}
}
