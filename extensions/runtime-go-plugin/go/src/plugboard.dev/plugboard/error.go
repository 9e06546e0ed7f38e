package plugboard

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"unicode/utf8"

	"plugboard.dev/plugboard/internal/guestpb"
)

// Error is an error as it crosses between host and guest. An author returns
// one to choose the name, the code or the details that the caller sees; what
// the host throws arrives as one.
type Error struct {
	// Name is the JavaScript name, such as TypeError; empty stands for Error.
	Name string
	// Message says what went wrong.
	Message string
	// Code is a string, a float64, or nil.
	Code any
	// IsExtensionError tells that Code is one of Plugboard's own.
	IsExtensionError bool
	// ExtensionID is the extension that an error of Plugboard names.
	ExtensionID string
	// Details are data beside the message.
	Details map[string]any
	// Cause is what led to it.
	Cause error
	// Errors are those of an AggregateError; nil for any other.
	Errors []error
	// Stack is where it was thrown, if the host allows that to be told.
	Stack string
}

// Error gives the message.
func (e *Error) Error() string { return e.Message }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// HasCode tells whether err, or what led to it, carries the code.
func HasCode(err error, code string) bool {
	for err != nil {
		var ours *Error
		if !errors.As(err, &ours) {
			return false
		}
		if ours.Code == code {
			return true
		}
		err = ours.Cause
	}
	return false
}

// Thrown is something thrown by JavaScript that is not an error.
type Thrown struct {
	// Value is what was thrown.
	Value any
}

// Error describes the value.
func (t *Thrown) Error() string { return fmt.Sprintf("%v was thrown", t.Value) }

// panicked is what a call or hook of the author's panicked with.
type panicked struct {
	value any
	stack string
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

func (p *panicked) Unwrap() error {
	cause, _ := p.value.(error)
	return cause
}

// guarded runs the author's code and turns its panic into an error.
func guarded(run func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &panicked{value: value, stack: string(debug.Stack())}
		}
	}()
	return run()
}

func extensionError(extensionID, code, message string, details map[string]any) *Error {
	return &Error{
		Name:             "ExtensionError",
		Message:          message,
		Code:             code,
		IsExtensionError: true,
		ExtensionID:      extensionID,
		Details:          details,
	}
}

const (
	deepestCause       = 8
	widestErrors       = 32
	mostErrors         = 128
	mostThrownText     = 256 * 1024
	mostThrownData     = 1024 * 1024
	readDeepestCause   = 2 * deepestCause
	replacedOutOfReach = "and more"
)

// thrownEncoder gives any error a form of bounded size.
type thrownEncoder struct {
	withStacks bool
	errorsLeft int
	textLeft   int
}

func encodeThrown(err error, withStacks bool) *guestpb.EncodedThrown {
	e := &thrownEncoder{withStacks: withStacks, errorsLeft: mostErrors, textLeft: mostThrownText}
	return e.encode(err, 0)
}

func (e *thrownEncoder) encode(err error, depth int) *guestpb.EncodedThrown {
	e.errorsLeft--
	if depth > deepestCause || e.errorsLeft < 0 {
		return thrownText(e.text(err.Error()))
	}
	switch known := err.(type) {
	case *Thrown:
		value, refused := encodeData(known.Value, mostThrownData)
		if refused != nil {
			return thrownText(e.text(known.Error()))
		}
		return &guestpb.EncodedThrown{Thrown: &guestpb.EncodedThrown_Value{Value: value}}
	case *Error:
		return e.wrap(e.ours(known, depth))
	case *panicked:
		encoded := &guestpb.EncodedError{Name: "Panic", Message: e.text(known.Error())}
		if e.withStacks {
			encoded.Stack = e.text(known.stack)
		}
		encoded.Cause = e.cause(known.Unwrap(), depth)
		return e.wrap(encoded)
	}
	encoded := &guestpb.EncodedError{Name: "Error", Message: e.text(err.Error())}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		encoded.Name = "TimeoutError"
	case errors.Is(err, context.Canceled):
		encoded.Name = "AbortError"
	}
	encoded.Cause = e.cause(errors.Unwrap(err), depth)
	return e.wrap(encoded)
}

func (e *thrownEncoder) ours(err *Error, depth int) *guestpb.EncodedError {
	encoded := &guestpb.EncodedError{
		Name:             e.text(err.Name),
		Message:          e.text(err.Message),
		IsExtensionError: err.IsExtensionError,
		ExtensionId:      err.ExtensionID,
		Cause:            e.cause(err.Cause, depth),
	}
	if encoded.Name == "" {
		encoded.Name = "Error"
	}
	switch code := err.Code.(type) {
	case string:
		encoded.Code = &guestpb.EncodedError_TextCode{TextCode: validText(code)}
	case float64:
		encoded.Code = &guestpb.EncodedError_NumberCode{NumberCode: code}
	case int:
		encoded.Code = &guestpb.EncodedError_NumberCode{NumberCode: float64(code)}
	}
	if e.withStacks {
		encoded.Stack = e.text(err.Stack)
	}
	if err.Details != nil {
		encoded.Details = e.details(err.Details)
	}
	if err.Errors != nil {
		encoded.Errors = &guestpb.EncodedErrors{}
		for index, one := range err.Errors {
			if index == widestErrors {
				more := fmt.Sprintf("%s: %d", replacedOutOfReach, len(err.Errors)-widestErrors)
				encoded.Errors.Errors = append(encoded.Errors.Errors, thrownText(more))
				break
			}
			encoded.Errors.Errors = append(encoded.Errors.Errors, e.encode(one, depth+1))
		}
	}
	return encoded
}

// details keeps what can be sent and tells the rest in words.
func (e *thrownEncoder) details(details map[string]any) *guestpb.ObjectValue {
	object := &guestpb.ObjectValue{}
	for _, name := range sortedKeys(details) {
		value, refused := encodeData(details[name], mostThrownData)
		if refused != nil {
			value = textValue(e.text(fmt.Sprintf("(can't be sent) %v", details[name])))
		}
		object.Properties = append(object.Properties, property(name, value))
	}
	return object
}

func (e *thrownEncoder) cause(err error, depth int) *guestpb.EncodedThrown {
	if err == nil {
		return nil
	}
	return e.encode(err, depth+1)
}

func (e *thrownEncoder) wrap(encoded *guestpb.EncodedError) *guestpb.EncodedThrown {
	return &guestpb.EncodedThrown{Thrown: &guestpb.EncodedThrown_Error{Error: encoded}}
}

func (e *thrownEncoder) text(text string) string {
	text = validText(text)
	if len(text) > e.textLeft {
		kept := e.textLeft
		for kept > 0 && !utf8.RuneStart(text[kept]) {
			kept--
		}
		text = text[:kept] + "…"
	}
	e.textLeft -= len(text)
	if e.textLeft < 0 {
		e.textLeft = 0
	}
	return text
}

func thrownText(text string) *guestpb.EncodedThrown {
	return &guestpb.EncodedThrown{Thrown: &guestpb.EncodedThrown_Value{Value: textValue(text)}}
}

func decodeThrown(encoded *guestpb.EncodedThrown) error {
	return decodeThrownAt(encoded, 0)
}

func decodeThrownAt(encoded *guestpb.EncodedThrown, depth int) error {
	if depth > readDeepestCause {
		return errors.New(replacedOutOfReach)
	}
	thrown := encoded.GetError()
	if thrown == nil {
		value, err := decodeData(encoded.GetValue())
		if err != nil {
			return fmt.Errorf("something was thrown that can't be read: %w", err)
		}
		return &Thrown{Value: value}
	}
	decoded := &Error{
		Name:             thrown.Name,
		Message:          thrown.Message,
		IsExtensionError: thrown.IsExtensionError,
		ExtensionID:      thrown.ExtensionId,
		Stack:            thrown.Stack,
	}
	switch code := thrown.Code.(type) {
	case *guestpb.EncodedError_TextCode:
		decoded.Code = code.TextCode
	case *guestpb.EncodedError_NumberCode:
		decoded.Code = code.NumberCode
	}
	if thrown.Details != nil {
		// Details that can't be read are worth less than the error that they belong to.
		decoded.Details, _ = decodeObject(thrown.Details)
	}
	if thrown.Cause != nil {
		decoded.Cause = decodeThrownAt(thrown.Cause, depth+1)
	}
	if thrown.Errors != nil {
		decoded.Errors = []error{}
		for _, one := range thrown.Errors.Errors {
			decoded.Errors = append(decoded.Errors, decodeThrownAt(one, depth+1))
		}
	}
	return decoded
}
