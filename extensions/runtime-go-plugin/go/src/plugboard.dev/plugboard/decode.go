package plugboard

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"plugboard.dev/plugboard/internal/guestpb"
)

// decoder reads the values of one field of a frame. It keeps what was read,
// since the host names what it sends twice by its number.
type decoder struct {
	met   []any
	depth int
}

func decodeData(value *guestpb.Value) (any, error) {
	return new(decoder).value(value)
}

func decodeArguments(values []*guestpb.Value) ([]any, error) {
	return new(decoder).values(values)
}

func decodeObject(object *guestpb.ObjectValue) (map[string]any, error) {
	d := new(decoder)
	return d.object(object, d.begin())
}

// begin gives the next number.
func (d *decoder) begin() int {
	d.met = append(d.met, nil)
	return len(d.met) - 1
}

func (d *decoder) end(number int, value any) any {
	d.met[number] = value
	return value
}

func (d *decoder) value(value *guestpb.Value) (any, error) {
	switch kind := value.GetKind().(type) {
	case nil:
		return Undefined, nil
	case *guestpb.Value_Null:
		return nil, nil
	case *guestpb.Value_Boolean:
		return kind.Boolean, nil
	case *guestpb.Value_Number:
		return kind.Number, nil
	case *guestpb.Value_Text:
		return kind.Text, nil
	case *guestpb.Value_Utf16:
		return decodeSurrogates(kind.Utf16), nil
	case *guestpb.Value_Bytes:
		return d.end(d.begin(), kind.Bytes), nil
	case *guestpb.Value_BigInt:
		number := new(big.Int).SetBytes(kind.BigInt.GetMagnitude())
		if kind.BigInt.GetNegative() {
			number.Neg(number)
		}
		return number, nil
	case *guestpb.Value_Date:
		if math.IsNaN(kind.Date) {
			return d.end(d.begin(), InvalidDate{}), nil
		}
		return d.end(d.begin(), time.UnixMilli(int64(kind.Date)).UTC()), nil
	case *guestpb.Value_Pattern:
		pattern := RegExp{Source: kind.Pattern.GetSource(), Flags: kind.Pattern.GetFlags()}
		return d.end(d.begin(), pattern), nil
	case *guestpb.Value_View:
		view, err := decodeView(kind.View)
		return d.end(d.begin(), view), err
	case *guestpb.Value_Same:
		if int(kind.Same) >= len(d.met) {
			return nil, fmt.Errorf("it names the object %d, which it has not sent", kind.Same)
		}
		return d.met[kind.Same], nil
	}
	if d.depth++; d.depth > deepestValue+1 {
		return nil, fmt.Errorf("it is nested deeper than %d levels", deepestValue)
	}
	defer func() { d.depth-- }()
	number := d.begin()
	switch kind := value.GetKind().(type) {
	case *guestpb.Value_List:
		return d.list(kind.List, number)
	case *guestpb.Value_Object:
		return d.object(kind.Object, number)
	case *guestpb.Value_Map:
		return d.mapping(kind.Map, number)
	case *guestpb.Value_Set:
		values, err := d.values(kind.Set.GetValues())
		return d.end(number, &Set{Values: values}), err
	case *guestpb.Value_Boxed:
		inner, err := d.value(kind.Boxed)
		return d.end(number, Boxed{Value: inner}), err
	case *guestpb.Value_Error:
		return d.errorValue(kind.Error, number)
	}
	return nil, errors.New("it is of a kind that is unknown here")
}

func (d *decoder) values(values []*guestpb.Value) ([]any, error) {
	decoded := make([]any, len(values))
	for index, value := range values {
		one, err := d.value(value)
		if err != nil {
			return nil, err
		}
		decoded[index] = one
	}
	return decoded, nil
}

func (d *decoder) list(list *guestpb.ListValue, number int) (any, error) {
	items := make([]any, len(list.GetItems()))
	for index, item := range list.GetItems() {
		if holes, ok := item.GetKind().(*guestpb.Value_Holes); ok {
			items[index] = Holes(holes.Holes)
			continue
		}
		one, err := d.value(item)
		if err != nil {
			return nil, err
		}
		items[index] = one
	}
	if len(list.GetNamed()) == 0 {
		return d.end(number, items), nil
	}
	named, err := d.properties(list.GetNamed())
	return d.end(number, &NamedList{Items: items, Named: named}), err
}

func (d *decoder) object(object *guestpb.ObjectValue, number int) (map[string]any, error) {
	properties, err := d.properties(object.GetProperties())
	d.met[number] = properties
	return properties, err
}

func (d *decoder) properties(properties []*guestpb.Property) (map[string]any, error) {
	decoded := make(map[string]any, len(properties))
	for _, property := range properties {
		value, err := d.value(property.GetValue())
		if err != nil {
			return nil, err
		}
		name := property.GetName()
		if len(property.GetUtf16Name()) > 0 {
			name = decodeSurrogates(property.GetUtf16Name())
		}
		decoded[name] = value
	}
	return decoded, nil
}

func (d *decoder) mapping(mapping *guestpb.MapValue, number int) (any, error) {
	decoded := &Map{}
	for _, entry := range mapping.GetEntries() {
		key, err := d.value(entry.GetKey())
		if err != nil {
			return nil, err
		}
		value, err := d.value(entry.GetValue())
		if err != nil {
			return nil, err
		}
		decoded.Entries = append(decoded.Entries, MapEntry{Key: key, Value: value})
	}
	return d.end(number, decoded), nil
}

func (d *decoder) errorValue(encoded *guestpb.ErrorValue, number int) (any, error) {
	decoded := &ErrorValue{
		Name:    encoded.GetName(),
		Message: encoded.GetMessage(),
		Stack:   encoded.GetStack(),
		Cause:   Undefined,
	}
	if encoded.GetCause() != nil {
		cause, err := d.value(encoded.GetCause())
		if err != nil {
			return nil, err
		}
		decoded.Cause = cause
	}
	return d.end(number, decoded), nil
}

func decodeView(view *guestpb.ViewValue) (any, error) {
	data := view.GetData()
	switch view.GetKind() {
	case guestpb.ViewValue_ARRAY_BUFFER:
		return ArrayBuffer(data), nil
	case guestpb.ViewValue_DATA_VIEW:
		return DataView(data), nil
	case guestpb.ViewValue_UINT8_CLAMPED:
		return Uint8ClampedArray(data), nil
	case guestpb.ViewValue_INT8:
		return Int8Array(numbers[int8](data, 1)), nil
	case guestpb.ViewValue_INT16:
		return Int16Array(numbers[int16](data, 2)), nil
	case guestpb.ViewValue_UINT16:
		return Uint16Array(numbers[uint16](data, 2)), nil
	case guestpb.ViewValue_INT32:
		return Int32Array(numbers[int32](data, 4)), nil
	case guestpb.ViewValue_UINT32:
		return Uint32Array(numbers[uint32](data, 4)), nil
	case guestpb.ViewValue_FLOAT16:
		return Float16Array(numbers[uint16](data, 2)), nil
	case guestpb.ViewValue_FLOAT32:
		return Float32Array(numbers[float32](data, 4)), nil
	case guestpb.ViewValue_FLOAT64:
		return Float64Array(numbers[float64](data, 8)), nil
	case guestpb.ViewValue_BIG_INT64:
		return BigInt64Array(numbers[int64](data, 8)), nil
	case guestpb.ViewValue_BIG_UINT64:
		return BigUint64Array(numbers[uint64](data, 8)), nil
	}
	return nil, fmt.Errorf("it holds memory of the kind %d, which is unknown here", view.GetKind())
}

func numbers[T any](data []byte, size int) []T {
	list := make([]T, len(data)/size)
	// The list was made as long as there is data.
	_ = binary.Read(bytes.NewReader(data), binary.LittleEndian, list)
	return list
}

// decodeSurrogates reads UTF-16 code units; half a pair becomes its three bytes.
func decodeSurrogates(data []byte) string {
	units := numbers[uint16](data, 2)
	var text []byte
	for index := 0; index < len(units); index++ {
		unit := rune(units[index])
		if !utf16.IsSurrogate(unit) {
			text = utf8.AppendRune(text, unit)
			continue
		}
		if index+1 < len(units) {
			if pair := utf16.DecodeRune(unit, rune(units[index+1])); pair != utf8.RuneError {
				text = utf8.AppendRune(text, pair)
				index++
				continue
			}
		}
		text = append(text, 0xe0|byte(unit>>12), 0x80|byte(unit>>6)&0x3f, 0x80|byte(unit)&0x3f)
	}
	return string(text)
}
