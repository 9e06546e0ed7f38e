package plugboard

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"plugboard.dev/plugboard/internal/guestpb"
)

// Service is a host service.
type Service struct {
	peer    *peer
	service *guestpb.Service
}

// Methods lists what can be called.
func (s *Service) Methods() []string {
	names := make([]string, 0, len(s.service.GetMethods()))
	for _, method := range s.service.GetMethods() {
		names = append(names, method.GetName())
	}
	return names
}

// Call calls a method and waits for its answer. Arguments that the method does
// not take are left out.
func (s *Service) Call(ctx context.Context, method string, args ...any) (any, error) {
	for _, known := range s.service.GetMethods() {
		if known.GetName() == method && !known.GetVariadic() && len(args) > int(known.GetArity()) {
			args = args[:known.GetArity()]
		}
	}
	return s.peer.call(ctx, "service/"+s.service.GetId()+"/"+method, args)
}

// Storage keeps data of the extension, across its generations.
type Storage struct{ peer *peer }

// Get gives what is kept under the key, and whether anything is.
func (s *Storage) Get(ctx context.Context, key string) (any, bool, error) {
	value, err := s.peer.call(ctx, "storage/get", []any{key})
	return value, err == nil && value != any(Undefined), err
}

// Set keeps the value under the key.
func (s *Storage) Set(ctx context.Context, key string, value any) error {
	_, err := s.peer.call(ctx, "storage/set", []any{key, value})
	return err
}

// Delete forgets what is kept under the key.
func (s *Storage) Delete(ctx context.Context, key string) error {
	_, err := s.peer.call(ctx, "storage/delete", []any{key})
	return err
}

// Keys lists the keys under which something is kept.
func (s *Storage) Keys(ctx context.Context) ([]string, error) {
	var keys []string
	value, err := s.peer.call(ctx, "storage/keys", nil)
	if err == nil {
		err = Into(value, &keys)
	}
	return keys, err
}

// Secrets keeps secrets of the extension.
type Secrets struct{ peer *peer }

// Get gives the secret of the name, and whether there is one.
func (s *Secrets) Get(ctx context.Context, name string) (string, bool, error) {
	value, err := s.peer.call(ctx, "secrets/get", []any{name})
	secret, found := value.(string)
	return secret, found && err == nil, err
}

// Set keeps a secret.
func (s *Secrets) Set(ctx context.Context, name, secret string) error {
	_, err := s.peer.call(ctx, "secrets/set", []any{name, secret})
	return err
}

// Delete forgets a secret.
func (s *Secrets) Delete(ctx context.Context, name string) error {
	_, err := s.peer.call(ctx, "secrets/delete", []any{name})
	return err
}

// Configuration gives the extension's settings as they are now.
type Configuration struct {
	mu      sync.Mutex
	values  map[string]any
	changed *listeners[struct{}]
}

func newConfiguration(values *guestpb.ObjectValue, events *eventQueue) *Configuration {
	c := &Configuration{values: map[string]any{}, changed: newListeners[struct{}](events)}
	if decoded, err := decodeObject(values); err == nil {
		c.values = decoded
	}
	return c
}

// Get gives a setting; Undefined if there is none of the name.
func (c *Configuration) Get(setting string) any {
	c.mu.Lock()
	defer c.mu.Unlock()
	value, set := c.values[setting]
	if !set {
		return Undefined
	}
	return value
}

// All gives every setting. The map is the caller's own.
func (c *Configuration) All() map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make(map[string]any, len(c.values))
	for name, value := range c.values {
		all[name] = value
	}
	return all
}

// OnDidChange tells of every change, until undo is called.
func (c *Configuration) OnDidChange(listener func()) (undo func()) {
	return c.changed.add(func(struct{}) { listener() })
}

func (c *Configuration) become(values map[string]any) {
	c.mu.Lock()
	c.values = values
	c.mu.Unlock()
	c.changed.fire(struct{}{})
}

// Logger writes to the extension's log. After the message come names and
// values in turn.
type Logger struct {
	session uint64
	out     *outbox
}

// Debug logs what is of use to the author alone.
func (l *Logger) Debug(message string, fields ...any) {
	l.log(guestpb.LogFrame_DEBUG, message, fields)
}

// Info logs that all is well.
func (l *Logger) Info(message string, fields ...any) { l.log(guestpb.LogFrame_INFO, message, fields) }

// Warn logs that something may be wrong.
func (l *Logger) Warn(message string, fields ...any) { l.log(guestpb.LogFrame_WARN, message, fields) }

// Error logs that something is wrong.
func (l *Logger) Error(message string, fields ...any) {
	l.log(guestpb.LogFrame_ERROR, message, fields)
}

// mostLoggedBytes is how much of a field's value is logged.
const mostLoggedBytes = 1024 * 1024

func (l *Logger) log(level guestpb.LogFrame_Level, message string, fields []any) {
	frame := &guestpb.LogFrame{
		Session: l.session,
		Level:   level,
		Message: validText(message),
		Time:    float64(time.Now().UnixMicro()) / 1000,
	}
	if len(fields) > 0 {
		frame.Fields = &guestpb.ObjectValue{}
	}
	for index := 0; index < len(fields); index += 2 {
		name, value := fmt.Sprint(fields[index]), any(Undefined)
		if index+1 < len(fields) {
			value = fields[index+1]
		}
		if err, ok := value.(error); ok {
			value = describeError(err, 0)
		}
		encoded, refused := encodeData(value, mostLoggedBytes)
		if refused != nil {
			// What can't cross is told in words.
			encoded = textValue(fmt.Sprintf("(%T)", value))
		}
		frame.Fields.Properties = append(frame.Fields.Properties, property(name, encoded))
	}
	l.out.add(&guestpb.Frame{Kind: &guestpb.Frame_Log{Log: frame}})
}

// describeError shows what is logged of an error and of its causes.
func describeError(err error, depth int) Object {
	described := Object{{"name", "Error"}, {"message", err.Error()}}
	cause := errors.Unwrap(err)
	if ours, ok := err.(*Error); ok {
		if ours.Name != "" {
			described[0].Value = ours.Name
		}
		if ours.Code != nil {
			described = append(described, Property{"code", ours.Code})
		}
		if ours.Details != nil {
			described = append(described, Property{"details", ours.Details})
		}
	}
	if cause != nil && depth < deepestCause {
		described = append(described, Property{"cause", describeError(cause, depth+1)})
	}
	return described
}
