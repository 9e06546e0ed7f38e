package plugboard

import (
	"context"
	"fmt"
	"reflect"
)

// Greeter is the contract of the point "greeters".
type Greeter interface {
	Greet(name string) string
}

// Transformer is the contract of the point "transformers".
type Transformer interface {
	Transform(input string) string
}

// Method answers a call. A panic of it is an error of that call.
type Method func(call *Call) (any, error)

// Methods are an implementation of a contribution by the names of its methods.
type Methods map[string]Method

// MethodsOf makes methods of the exported ones of a value, each under its name
// with a small first letter: Greet becomes greet. A method may take a
// context.Context or a *Call before its arguments, which are converted as Into
// does, and may return a value, an error, or both.
func MethodsOf(implementation any) Methods {
	if methods, ok := implementation.(Methods); ok {
		return methods
	}
	if methods := knownMethods(implementation); methods != nil {
		return methods
	}
	methods := Methods{}
	value := reflect.ValueOf(implementation)
	if !value.IsValid() {
		return methods
	}
	for index := 0; index < value.NumMethod(); index++ {
		if method, err := methodOf(value.Method(index)); err == nil {
			methods[lowerFirst(value.Type().Method(index).Name)] = method
		}
	}
	return methods
}

// InOrder gives an implementation whose calls are made one at a time, in the
// order in which the host made them. Others run beside each other, each in a
// goroutine of its own; they begin in order, and may overtake each other then.
func InOrder(implementation any) any { return ordered{implementation: implementation} }

type ordered struct{ implementation any }

// knownMethods spares the usual contracts, with nothing beside, the way through reflection.
func knownMethods(implementation any) Methods {
	count := 0
	if implementation != nil {
		count = reflect.TypeOf(implementation).NumMethod()
	}
	methods := Methods{}
	if greeter, ok := implementation.(Greeter); ok {
		methods["greet"] = textMethod(greeter.Greet)
		count--
	}
	if transformer, ok := implementation.(Transformer); ok {
		methods["transform"] = textMethod(transformer.Transform)
		count--
	}
	if count != 0 || len(methods) == 0 {
		return nil
	}
	return methods
}

func textMethod(answer func(string) string) Method {
	return func(call *Call) (any, error) {
		text, ok := call.Arg(0).(string)
		if !ok {
			return nil, typeError("argument 1", "string", call.Arg(0))
		}
		return answer(text), nil
	}
}

var (
	contextType = reflect.TypeOf((*context.Context)(nil)).Elem()
	callType    = reflect.TypeOf((*Call)(nil))
	errorType   = reflect.TypeOf((*error)(nil)).Elem()
)

// methodOf makes a method of any function.
func methodOf(function reflect.Value) (Method, error) {
	if function.Kind() != reflect.Func || function.IsNil() {
		return nil, fmt.Errorf("plugboard: %s is no function", function.Type())
	}
	switch known := function.Interface().(type) {
	case Method:
		return known, nil
	case func(*Call) (any, error):
		return known, nil
	}
	shape := function.Type()
	first := 0
	if shape.NumIn() > 0 && (shape.In(0) == contextType || shape.In(0) == callType) {
		first = 1
	}
	results := shape.NumOut()
	failing := results > 0 && shape.Out(results-1) == errorType
	if results > 2 || (results == 2 && !failing) {
		return nil, fmt.Errorf("plugboard: %s returns more than a value and an error", shape)
	}
	return func(call *Call) (any, error) {
		in, err := argumentsFor(shape, first, call)
		if err != nil {
			return nil, err
		}
		return resultOf(function.Call(in), failing)
	}, nil
}

func argumentsFor(shape reflect.Type, first int, call *Call) ([]reflect.Value, error) {
	in := make([]reflect.Value, 0, shape.NumIn())
	if first == 1 {
		if shape.In(0) == callType {
			in = append(in, reflect.ValueOf(call))
		} else {
			in = append(in, reflect.ValueOf(call.Context()))
		}
	}
	fixed := shape.NumIn()
	if shape.IsVariadic() {
		fixed--
	}
	for index := first; index < fixed; index++ {
		argument, err := argumentFor(shape.In(index), call, index-first)
		if err != nil {
			return nil, err
		}
		in = append(in, argument)
	}
	if shape.IsVariadic() {
		for index := fixed - first; index < len(call.Args); index++ {
			argument, err := argumentFor(shape.In(fixed).Elem(), call, index)
			if err != nil {
				return nil, err
			}
			in = append(in, argument)
		}
	}
	return in, nil
}

func argumentFor(wanted reflect.Type, call *Call, index int) (reflect.Value, error) {
	value := call.Arg(index)
	place := fmt.Sprintf("argument %d", index+1)
	if isMissing(value) && !holdsNothing(wanted) {
		return reflect.Value{}, typeError(place, wanted.String(), value)
	}
	argument := reflect.New(wanted).Elem()
	return argument, assign(value, argument, place)
}

func isMissing(value any) bool { return value == nil || value == any(Undefined) }

// holdsNothing tells whether a type can tell that there is nothing.
func holdsNothing(wanted reflect.Type) bool {
	switch wanted.Kind() {
	case reflect.Interface, reflect.Pointer, reflect.Map, reflect.Slice:
		return true
	}
	return wanted == reflect.TypeOf(Undefined)
}

func resultOf(out []reflect.Value, failing bool) (any, error) {
	if failing {
		last := len(out) - 1
		if err, ok := out[last].Interface().(error); ok && err != nil {
			return nil, err
		}
		out = out[:last]
	}
	if len(out) == 0 {
		return Undefined, nil
	}
	return out[0].Interface(), nil
}
