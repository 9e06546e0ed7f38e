package plugboard

// UndefinedType is the type of Undefined.
type UndefinedType struct{}

// Undefined is JavaScript's undefined; null is nil.
var Undefined = UndefinedType{}

// Holes stands, among the elements of a []any, for so many elements of an
// array that are not there.
type Holes uint32

// NamedList is an array with properties beside its elements.
type NamedList struct {
	// Items are the elements.
	Items []any
	// Named are the properties.
	Named map[string]any
}

// Object is a plain object whose properties keep their order. What arrives is
// a map[string]any; this is for sending.
type Object []Property

// Property is a property of an Object.
type Property struct {
	// Name is its name.
	Name string
	// Value is what it holds.
	Value any
}

// Map is a JavaScript Map, whose keys are values of any kind in their order.
type Map struct {
	// Entries are its entries.
	Entries []MapEntry
}

// MapEntry is an entry of a Map.
type MapEntry struct {
	// Key is its key.
	Key any
	// Value is its value.
	Value any
}

// Set is a JavaScript Set, with its values in their order.
type Set struct {
	// Values are its values.
	Values []any
}

// RegExp is a JavaScript pattern.
type RegExp struct {
	// Source is the pattern.
	Source string
	// Flags are its flags.
	Flags string
}

// ErrorValue is an Error that is data, not thrown.
type ErrorValue struct {
	// Name is Error, TypeError or another of the language's own.
	Name string
	// Message is what it says.
	Message string
	// Stack is where it was made; empty for unknown.
	Stack string
	// Cause is what led to it; Undefined for nothing.
	Cause any
}

// Error gives the message.
func (e *ErrorValue) Error() string { return e.Message }

// InvalidDate is a Date without a time.
type InvalidDate struct{}

// Boxed is an object around a boolean, number, bigint or string.
type Boxed struct {
	// Value is what is in it.
	Value any
}

// Memory that is looked at in one of JavaScript's ways. A plain []float64 is
// sent as an array of numbers; as a Float64Array it is one there as well.
type (
	// ArrayBuffer is memory by itself.
	ArrayBuffer []byte
	// DataView is memory that is read number by number.
	DataView []byte
	// Int8Array holds 8-bit integers.
	Int8Array []int8
	// Uint8ClampedArray holds bytes that stop at their limits.
	Uint8ClampedArray []uint8
	// Int16Array holds 16-bit integers.
	Int16Array []int16
	// Uint16Array holds unsigned 16-bit integers.
	Uint16Array []uint16
	// Int32Array holds 32-bit integers.
	Int32Array []int32
	// Uint32Array holds unsigned 32-bit integers.
	Uint32Array []uint32
	// Float16Array holds the bits of 16-bit floating point numbers.
	Float16Array []uint16
	// Float32Array holds 32-bit floating point numbers.
	Float32Array []float32
	// Float64Array holds 64-bit floating point numbers.
	Float64Array []float64
	// BigInt64Array holds 64-bit integers.
	BigInt64Array []int64
	// BigUint64Array holds unsigned 64-bit integers.
	BigUint64Array []uint64
)
