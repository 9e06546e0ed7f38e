package plugboard

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"plugboard.dev/plugboard/internal/guestpb"
)

// deepestValue is how deep what is sent may nest.
const deepestValue = 1000

// largestInteger is the largest integer up to which a number holds them all.
const largestInteger = 1<<53 - 1

// refusal tells why a value can't be sent, and where it is in what was to be.
type refusal struct {
	path     []string
	found    string
	tooLarge bool
}

func (r *refusal) at(name string) *refusal {
	r.path = append(r.path, name)
	return r
}

// pointer is the JSON Pointer to the place.
func (r *refusal) pointer() string {
	var text strings.Builder
	for index := len(r.path) - 1; index >= 0; index-- {
		text.WriteByte('/')
		text.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(r.path[index]))
	}
	return text.String()
}

// explain makes the error that the author or the caller gets. subject is the
// beginning of a sentence, what the key under which hosts know it.
func (r *refusal) explain(extensionID, what, subject string, limit int) error {
	if r.tooLarge {
		message := fmt.Sprintf("%s more than %d bytes.", subject, limit)
		details := map[string]any{"what": what, "limitBytes": limit}
		return extensionError(extensionID, "CALL_TOO_LARGE", message, details)
	}
	place := r.pointer()
	details := map[string]any{"what": what, "path": place, "found": r.found}
	if place == "" {
		place = "it"
	}
	message := fmt.Sprintf("%s what can't be sent: %s is %s.", subject, place, r.found)
	return extensionError(extensionID, "CALL_NOT_SERIALIZABLE", message, details)
}

// encodeData writes a value of at most so many bytes.
func encodeData(value any, limit int) (*guestpb.Value, *refusal) {
	e := &encoder{left: limit}
	return e.value(value)
}

// encodeArguments writes the arguments of a call, of at most so many bytes together.
func encodeArguments(args []any, limit int) ([]*guestpb.Value, *refusal) {
	e := &encoder{left: limit}
	return e.values(args)
}

type encoder struct {
	left int
	// open are what is being written now, outermost first.
	open []container
}

// container is what holds other values, and itself if it is a circle.
type container struct {
	kind    reflect.Type
	pointer uintptr
	length  int
}

// enter begins to write what may hold other values.
func (e *encoder) enter(value any) *refusal {
	if len(e.open) == deepestValue {
		return &refusal{found: fmt.Sprintf("nested deeper than %d levels", deepestValue)}
	}
	var entered container
	switch held := reflect.ValueOf(value); held.Kind() {
	case reflect.Slice:
		entered.length = held.Len()
		// The empty ones share their place and hold nothing.
		if entered.length > 0 {
			entered.pointer = held.Pointer()
		}
		entered.kind = held.Type()
	case reflect.Map, reflect.Pointer:
		entered.kind, entered.pointer = held.Type(), held.Pointer()
	}
	if entered.pointer != 0 {
		for _, open := range e.open {
			if open == entered {
				return &refusal{found: "the same object as one that holds it: a circle"}
			}
		}
	}
	e.open = append(e.open, entered)
	return nil
}

func (e *encoder) leave() { e.open = e.open[:len(e.open)-1] }

func (e *encoder) take(bytes int) *refusal {
	e.left -= bytes
	if e.left < 0 {
		return &refusal{tooLarge: true}
	}
	return nil
}

func (e *encoder) value(value any) (*guestpb.Value, *refusal) {
	switch v := value.(type) {
	case nil:
		return nullValue(), e.take(8)
	case UndefinedType:
		return &guestpb.Value{}, e.take(8)
	case bool:
		return &guestpb.Value{Kind: &guestpb.Value_Boolean{Boolean: v}}, e.take(8)
	case string:
		return textValue(v), e.take(len(v))
	case float64:
		return numberValue(v), e.take(8)
	case int:
		return e.integer(int64(v))
	case []byte:
		return &guestpb.Value{Kind: &guestpb.Value_Bytes{Bytes: v}}, e.take(len(v))
	case *big.Int:
		if v == nil {
			return nullValue(), e.take(8)
		}
		big := &guestpb.BigIntValue{Negative: v.Sign() < 0, Magnitude: v.Bytes()}
		return &guestpb.Value{Kind: &guestpb.Value_BigInt{BigInt: big}}, e.take(8 + len(big.Magnitude))
	case time.Time:
		return dateValue(float64(v.UnixMilli())), e.take(8)
	case InvalidDate:
		return dateValue(math.NaN()), e.take(8)
	case RegExp:
		pattern := &guestpb.PatternValue{Source: validText(v.Source), Flags: validText(v.Flags)}
		return &guestpb.Value{Kind: &guestpb.Value_Pattern{Pattern: pattern}}, e.take(len(v.Source))
	case Holes:
		return nil, &refusal{found: "a hole that is not in a list"}
	case ArrayBuffer, DataView, Int8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array,
		Float16Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array:
		return e.view(v)
	}
	if refused := e.enter(value); refused != nil {
		return nil, refused
	}
	defer e.leave()
	if refused := e.take(8); refused != nil {
		return nil, refused
	}
	switch v := value.(type) {
	case []any:
		return e.list(v, nil)
	case map[string]any:
		object, refused := e.object(v)
		return &guestpb.Value{Kind: &guestpb.Value_Object{Object: object}}, refused
	case Object:
		return e.ordered(v)
	case *NamedList:
		return e.list(v.Items, v.Named)
	case *Map:
		return e.mapping(v.Entries)
	case *Set:
		values, refused := e.values(v.Values)
		return &guestpb.Value{Kind: &guestpb.Value_Set{Set: &guestpb.SetValue{Values: values}}}, refused
	case Boxed:
		inner, refused := e.value(v.Value)
		return &guestpb.Value{Kind: &guestpb.Value_Boxed{Boxed: inner}}, refused
	case *ErrorValue:
		return e.errorValue(v)
	case error:
		return e.errorValue(&ErrorValue{Name: "Error", Message: v.Error(), Cause: Undefined})
	}
	return e.reflected(reflect.ValueOf(value))
}

func (e *encoder) integer(value int64) (*guestpb.Value, *refusal) {
	if value > largestInteger || value < -largestInteger {
		return nil, &refusal{found: "an integer that a number does not hold exactly; make it a *big.Int"}
	}
	return numberValue(float64(value)), e.take(8)
}

func (e *encoder) values(values []any) ([]*guestpb.Value, *refusal) {
	encoded := make([]*guestpb.Value, len(values))
	for index, value := range values {
		one, refused := e.value(value)
		if refused != nil {
			return nil, refused.at(strconv.Itoa(index))
		}
		encoded[index] = one
	}
	return encoded, nil
}

func (e *encoder) list(items []any, named map[string]any) (*guestpb.Value, *refusal) {
	list := &guestpb.ListValue{Items: make([]*guestpb.Value, len(items))}
	for index, item := range items {
		if holes, ok := item.(Holes); ok {
			list.Items[index] = &guestpb.Value{Kind: &guestpb.Value_Holes{Holes: uint32(holes)}}
			continue
		}
		one, refused := e.value(item)
		if refused != nil {
			return nil, refused.at(strconv.Itoa(index))
		}
		list.Items[index] = one
	}
	if len(named) > 0 {
		object, refused := e.object(named)
		if refused != nil {
			return nil, refused
		}
		list.Named = object.Properties
	}
	return &guestpb.Value{Kind: &guestpb.Value_List{List: list}}, nil
}

func (e *encoder) object(source map[string]any) (*guestpb.ObjectValue, *refusal) {
	object := &guestpb.ObjectValue{Properties: make([]*guestpb.Property, 0, len(source))}
	for _, name := range sortedKeys(source) {
		if refused := e.property(object, name, source[name]); refused != nil {
			return nil, refused
		}
	}
	return object, nil
}

func (e *encoder) ordered(source Object) (*guestpb.Value, *refusal) {
	object := &guestpb.ObjectValue{}
	for _, one := range source {
		if refused := e.property(object, one.Name, one.Value); refused != nil {
			return nil, refused
		}
	}
	return &guestpb.Value{Kind: &guestpb.Value_Object{Object: object}}, nil
}

func (e *encoder) property(object *guestpb.ObjectValue, name string, value any) *refusal {
	if refused := e.take(len(name)); refused != nil {
		return refused
	}
	encoded, refused := e.value(value)
	if refused != nil {
		return refused.at(name)
	}
	object.Properties = append(object.Properties, property(name, encoded))
	return nil
}

func (e *encoder) mapping(entries []MapEntry) (*guestpb.Value, *refusal) {
	mapping := &guestpb.MapValue{}
	for index, entry := range entries {
		key, refused := e.value(entry.Key)
		if refused != nil {
			return nil, refused.at(fmt.Sprintf("key %d", index))
		}
		value, refused := e.value(entry.Value)
		if refused != nil {
			return nil, refused.at(fmt.Sprint(entry.Key))
		}
		mapping.Entries = append(mapping.Entries, &guestpb.MapEntry{Key: key, Value: value})
	}
	return &guestpb.Value{Kind: &guestpb.Value_Map{Map: mapping}}, nil
}

func (e *encoder) errorValue(value *ErrorValue) (*guestpb.Value, *refusal) {
	encoded := &guestpb.ErrorValue{
		Name:    validText(value.Name),
		Message: validText(value.Message),
		Stack:   validText(value.Stack),
	}
	if refused := e.take(len(encoded.Message) + len(encoded.Stack)); refused != nil {
		return nil, refused
	}
	if value.Cause != nil && value.Cause != any(Undefined) {
		cause, refused := e.value(value.Cause)
		if refused != nil {
			return nil, refused.at("cause")
		}
		encoded.Cause = cause
	}
	return &guestpb.Value{Kind: &guestpb.Value_Error{Error: encoded}}, nil
}

func (e *encoder) view(value any) (*guestpb.Value, *refusal) {
	view := &guestpb.ViewValue{}
	switch v := value.(type) {
	case ArrayBuffer:
		view.Kind, view.Data = guestpb.ViewValue_ARRAY_BUFFER, v
	case DataView:
		view.Kind, view.Data = guestpb.ViewValue_DATA_VIEW, v
	case Uint8ClampedArray:
		view.Kind, view.Data = guestpb.ViewValue_UINT8_CLAMPED, v
	case Int8Array:
		view.Kind, view.Data = guestpb.ViewValue_INT8, littleEndian([]int8(v))
	case Int16Array:
		view.Kind, view.Data = guestpb.ViewValue_INT16, littleEndian([]int16(v))
	case Uint16Array:
		view.Kind, view.Data = guestpb.ViewValue_UINT16, littleEndian([]uint16(v))
	case Int32Array:
		view.Kind, view.Data = guestpb.ViewValue_INT32, littleEndian([]int32(v))
	case Uint32Array:
		view.Kind, view.Data = guestpb.ViewValue_UINT32, littleEndian([]uint32(v))
	case Float16Array:
		view.Kind, view.Data = guestpb.ViewValue_FLOAT16, littleEndian([]uint16(v))
	case Float32Array:
		view.Kind, view.Data = guestpb.ViewValue_FLOAT32, littleEndian([]float32(v))
	case Float64Array:
		view.Kind, view.Data = guestpb.ViewValue_FLOAT64, littleEndian([]float64(v))
	case BigInt64Array:
		view.Kind, view.Data = guestpb.ViewValue_BIG_INT64, littleEndian([]int64(v))
	case BigUint64Array:
		view.Kind, view.Data = guestpb.ViewValue_BIG_UINT64, littleEndian([]uint64(v))
	}
	return &guestpb.Value{Kind: &guestpb.Value_View{View: view}}, e.take(len(view.Data))
}

// reflected writes what has a type of the author's own.
func (e *encoder) reflected(value reflect.Value) (*guestpb.Value, *refusal) {
	switch value.Kind() {
	case reflect.Bool:
		return e.value(value.Bool())
	case reflect.String:
		return e.value(value.String())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return e.integer(value.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if value.Uint() > largestInteger {
			return e.integer(math.MaxInt64)
		}
		return e.integer(int64(value.Uint()))
	case reflect.Float32, reflect.Float64:
		return e.value(value.Float())
	case reflect.Pointer, reflect.Interface:
		if value.IsNil() {
			return nullValue(), nil
		}
		return e.value(value.Elem().Interface())
	case reflect.Slice:
		if value.IsNil() {
			return e.list(nil, nil)
		}
		if value.Type().Elem().Kind() == reflect.Uint8 {
			return e.value(value.Bytes())
		}
		return e.elements(value)
	case reflect.Array:
		return e.elements(value)
	case reflect.Map:
		return e.reflectedMap(value)
	case reflect.Struct:
		return e.structure(value)
	}
	if value.Kind() == reflect.Func {
		return nil, &refusal{found: "a function"}
	}
	return nil, &refusal{found: fmt.Sprintf("a %s", value.Type())}
}

func (e *encoder) elements(value reflect.Value) (*guestpb.Value, *refusal) {
	items := make([]any, value.Len())
	for index := range items {
		items[index] = value.Index(index).Interface()
	}
	return e.list(items, nil)
}

// reflectedMap writes an object if the keys are strings, else a Map in the order of the keys as they are printed.
func (e *encoder) reflectedMap(value reflect.Value) (*guestpb.Value, *refusal) {
	if value.Type().Key().Kind() == reflect.String {
		plain := make(map[string]any, value.Len())
		for _, key := range value.MapKeys() {
			plain[key.String()] = value.MapIndex(key).Interface()
		}
		object, refused := e.object(plain)
		return &guestpb.Value{Kind: &guestpb.Value_Object{Object: object}}, refused
	}
	entries := make([]MapEntry, 0, value.Len())
	for _, key := range value.MapKeys() {
		entries = append(entries, MapEntry{Key: key.Interface(), Value: value.MapIndex(key).Interface()})
	}
	sort.Slice(entries, func(i, j int) bool { return fmt.Sprint(entries[i].Key) < fmt.Sprint(entries[j].Key) })
	return e.mapping(entries)
}

func (e *encoder) structure(value reflect.Value) (*guestpb.Value, *refusal) {
	var object Object
	for _, field := range reflect.VisibleFields(value.Type()) {
		name, omitEmpty := fieldName(field)
		if name == "" {
			continue
		}
		held, err := value.FieldByIndexErr(field.Index)
		if err != nil || (omitEmpty && held.IsZero()) {
			continue
		}
		object = append(object, Property{Name: name, Value: held.Interface()})
	}
	return e.ordered(object)
}

// fieldName is the name of a struct's field in JavaScript; empty if it is not sent.
func fieldName(field reflect.StructField) (name string, omitEmpty bool) {
	if !field.IsExported() || field.Anonymous {
		return "", false
	}
	tag, options, _ := strings.Cut(field.Tag.Get("json"), ",")
	if tag == "-" {
		return "", false
	}
	if tag == "" {
		tag = lowerFirst(field.Name)
	}
	return tag, strings.Contains(options, "omitempty")
}

func lowerFirst(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return strings.ToLower(string(first)) + name[size:]
}

func littleEndian(numbers any) []byte {
	var buffer bytes.Buffer
	// A list of numbers can always be written to memory.
	_ = binary.Write(&buffer, binary.LittleEndian, numbers)
	return buffer.Bytes()
}

func nullValue() *guestpb.Value {
	return &guestpb.Value{Kind: &guestpb.Value_Null{Null: true}}
}

func numberValue(number float64) *guestpb.Value {
	return &guestpb.Value{Kind: &guestpb.Value_Number{Number: number}}
}

func dateValue(milliseconds float64) *guestpb.Value {
	return &guestpb.Value{Kind: &guestpb.Value_Date{Date: milliseconds}}
}

func textValue(text string) *guestpb.Value {
	if utf8.ValidString(text) {
		return &guestpb.Value{Kind: &guestpb.Value_Text{Text: text}}
	}
	return &guestpb.Value{Kind: &guestpb.Value_Utf16{Utf16: encodeSurrogates(text)}}
}

func property(name string, value *guestpb.Value) *guestpb.Property {
	if utf8.ValidString(name) {
		return &guestpb.Property{Name: name, Value: value}
	}
	return &guestpb.Property{Utf16Name: encodeSurrogates(name), Value: value}
}

func validText(text string) string {
	return strings.ToValidUTF8(text, "\ufffd")
}

// encodeSurrogates writes a text that is not UTF-8 in UTF-16 code units. Half
// a pair, which JavaScript allows, stands in Go as its three bytes.
func encodeSurrogates(text string) []byte {
	var units []uint16
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if r == utf8.RuneError && size == 1 && isSurrogate(text) {
			units = append(units, 0xd000|uint16(text[1]&0x3f)<<6|uint16(text[2]&0x3f))
			text = text[3:]
			continue
		}
		units = append(units, utf16.Encode([]rune{r})...)
		text = text[size:]
	}
	return littleEndian(units)
}

func isSurrogate(text string) bool {
	return len(text) >= 3 && text[0] == 0xed && text[1]&0xe0 == 0xa0 && text[2]&0xc0 == 0x80
}

func sortedKeys(source map[string]any) []string {
	keys := make([]string, 0, len(source))
	for key := range source {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
