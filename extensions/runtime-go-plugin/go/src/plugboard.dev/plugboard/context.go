package plugboard

import (
	"context"
	"fmt"
	"reflect"
	"sort"
	"strings"
	"sync"

	"plugboard.dev/plugboard/internal/guestpb"
)

// Extension says whose code it is.
type Extension struct {
	// ID is the extension's id.
	ID string
	// Version is its version.
	Version string
	// Path is its folder, an absolute path.
	Path string
}

// State is what one generation hands to the next.
type State struct {
	// Version is chosen by the author.
	Version float64
	// Value is the state.
	Value any
}

// Context is what one generation of an extension is given. It belongs to that
// generation: once it is stopped, calls to the host fail with EXTENSION_GONE.
type Context struct {
	ctx     context.Context
	session *session
	hello   *guestpb.HelloFrame

	logger        *Logger
	storage       *Storage
	secrets       *Secrets
	configuration *Configuration
	dependencies  map[string]*Dependency
	points        map[string]*Collection

	mu          sync.Mutex
	closed      bool
	supplied    map[string]Methods
	inOrder     map[string]bool
	exports     map[string]any
	functions   map[string]Method
	findings    []*guestpb.Finding
	saveState   func(context.Context) (*State, error)
	deactivates []func(context.Context) error
	cleanups    []func()
	ended       bool
}

func newContext(ctx context.Context, s *session) *Context {
	c := &Context{
		ctx:          ctx,
		session:      s,
		hello:        s.hello,
		logger:       newLogger(s.peer.session, s.out),
		storage:      &Storage{peer: s.peer},
		secrets:      &Secrets{peer: s.peer},
		dependencies: map[string]*Dependency{},
		points:       map[string]*Collection{},
		supplied:     map[string]Methods{},
		inOrder:      map[string]bool{},
		exports:      map[string]any{},
		functions:    map[string]Method{},
	}
	c.configuration = newConfiguration(s.hello.GetConfiguration(), s.events)
	for _, dependency := range s.hello.GetDependencies() {
		c.dependencies[dependency.GetId()] = newDependency(dependency, s)
	}
	for _, point := range s.hello.GetPoints() {
		c.points[point.GetId()] = newCollection(point, s)
	}
	return c
}

// Extension says whose code this is.
func (c *Context) Extension() Extension { return c.session.identity }

// Generation is the number of this load of the extension.
func (c *Context) Generation() uint64 { return c.hello.GetGeneration() }

// Main is the entry file that the manifest names, relative to the extension's folder.
func (c *Context) Main() string { return c.hello.GetMain() }

// Runtime is the manifest's runtime, with all its keys.
func (c *Context) Runtime() map[string]any {
	runtime, _ := decodeObject(c.hello.GetRuntime())
	return runtime
}

// Environment are the variables that the extension may see.
func (c *Context) Environment() map[string]string { return c.hello.GetEnvironment() }

// Context ends when the extension is stopped, or its activation is no longer wanted.
func (c *Context) Context() context.Context { return c.ctx }

// Logger writes to the extension's log.
func (c *Context) Logger() *Logger { return c.logger }

// Storage keeps data of the extension.
func (c *Context) Storage() *Storage { return c.storage }

// Secrets keeps secrets of the extension.
func (c *Context) Secrets() *Secrets { return c.secrets }

// Configuration gives the extension's settings.
func (c *Context) Configuration() *Configuration { return c.configuration }

// State is what the generation before handed over; nil if it handed over nothing.
func (c *Context) State() *State {
	saved := c.hello.GetState()
	if saved == nil {
		return nil
	}
	value, err := decodeData(saved.GetValue())
	if err != nil {
		return nil
	}
	return &State{Version: saved.GetVersion(), Value: value}
}

// Contribute supplies what the manifest declares under the point and the id:
// Methods, or any value whose methods MethodsOf finds, such as a Greeter. It
// fails for what is not declared, and once activate has returned.
func (c *Context) Contribute(point, id string, implementation any) error {
	ordered, oneByOne := implementation.(ordered)
	if oneByOne {
		implementation = ordered.implementation
	}
	methods := MethodsOf(implementation)
	c.mu.Lock()
	defer c.mu.Unlock()
	extensionID := c.session.identity.ID
	details := map[string]any{"point": point, "id": id}
	if c.closed {
		message := fmt.Sprintf("%s contributes %s %q after its activate has settled.", extensionID, point, id)
		return extensionError(extensionID, "CONTRIBUTION_LATE", message, details)
	}
	declared := c.declared(point, id)
	if declared == nil {
		message := fmt.Sprintf("%s contributes %s %q, which its manifest does not declare.", extensionID, point, id)
		return extensionError(extensionID, "CONTRIBUTION_UNDECLARED", message, details)
	}
	c.supplied[point+"/"+id] = methods
	c.inOrder["contribution/"+point+"/"+id] = oneByOne
	for _, method := range declared.GetMethods() {
		if methods[method.GetName()] != nil {
			continue
		}
		c.findings = append(c.findings, &guestpb.Finding{
			Code:    "CONTRIBUTION_INCOMPLETE",
			Point:   point,
			Id:      id,
			Message: fmt.Sprintf("%s supplies %s %q without the method %s.", extensionID, point, id, method.GetName()),
		})
	}
	return nil
}

// Declared lists the ids that the manifest declares under the point.
func (c *Context) Declared(point string) []string {
	var ids []string
	for _, declared := range c.hello.GetContributions() {
		if declared.GetPoint() == point {
			ids = append(ids, declared.GetId())
		}
	}
	return ids
}

// DeclaredPoints lists the points under which the manifest declares anything.
func (c *Context) DeclaredPoints() []string {
	var points []string
	seen := map[string]bool{}
	for _, declared := range c.hello.GetContributions() {
		if !seen[declared.GetPoint()] {
			seen[declared.GetPoint()] = true
			points = append(points, declared.GetPoint())
		}
	}
	return points
}

// Export gives a value or a function to the extensions that depend on this
// one. A function may have any shape that MethodsOf accepts.
func (c *Context) Export(name string, value any) error {
	var function Method
	if held := reflect.ValueOf(value); held.IsValid() && held.Kind() == reflect.Func {
		var err error
		if function, err = methodOf(held); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return errExportLate
	}
	if function != nil {
		c.functions[name] = function
	} else {
		c.exports[name] = value
	}
	return nil
}

// OnSaveState names what gives the state that the next generation finds. Only
// what is named before activate returns is asked.
func (c *Context) OnSaveState(save func(context.Context) (*State, error)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.saveState = save
}

// OnDeactivate adds what is run, last in first out, when the extension is
// stopped in order. Its context ends when the host no longer waits.
func (c *Context) OnDeactivate(deactivate func(context.Context) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deactivates = append(c.deactivates, deactivate)
}

// Cleanup adds what is run, last in first out, when the extension is gone,
// in order or not.
func (c *Context) Cleanup(clean func()) {
	c.mu.Lock()
	ended := c.ended
	if !ended {
		c.cleanups = append(c.cleanups, clean)
	}
	c.mu.Unlock()
	if ended {
		clean()
	}
}

// Service gives a host service that the manifest lists.
func (c *Context) Service(id string) (*Service, error) {
	var listed []string
	for _, service := range c.hello.GetServices() {
		if service.GetId() == id {
			return &Service{peer: c.session.peer, service: service}, nil
		}
		listed = append(listed, service.GetId())
	}
	extensionID := c.session.identity.ID
	lines := append(listed, id)
	for index, line := range lines {
		lines[index] = fmt.Sprintf("%q", line)
	}
	add := fmt.Sprintf("services: [%s]", strings.Join(lines, ", "))
	details := map[string]any{"service": id, "add": add}
	message := fmt.Sprintf("%s asks for the host service %q, which the application does not offer.", extensionID, id)
	for _, undeclared := range c.hello.GetUndeclaredServices() {
		if undeclared == id {
			message = fmt.Sprintf(
				"%s asks for the host service %q, which its manifest does not list. Add to plugin.json5: %s",
				extensionID, id, add)
		}
	}
	return nil, extensionError(extensionID, "CAPABILITY_DENIED", message, details)
}

// Dependency gives the exports of an extension that the manifest lists as a
// dependency. Of an optional one they come and go.
func (c *Context) Dependency(id string) (*Dependency, error) {
	if dependency := c.dependencies[id]; dependency != nil {
		return dependency, nil
	}
	extensionID := c.session.identity.ID
	message := fmt.Sprintf(
		"%s asks for the exports of %q, which its manifest does not list under extensionDependencies.", extensionID, id)
	details := map[string]any{"dependency": id, "add": fmt.Sprintf(`extensionDependencies: { %q: "*" }`, id)}
	return nil, extensionError(extensionID, "CAPABILITY_DENIED", message, details)
}

// Contributions gives what is contributed to a point that the extension opens.
func (c *Context) Contributions(point string) (*Collection, error) {
	if collection := c.points[point]; collection != nil {
		return collection, nil
	}
	extensionID := c.session.identity.ID
	message := fmt.Sprintf("%s does not open a point %q.", extensionID, point)
	return nil, extensionError(extensionID, "CALL_UNKNOWN_TARGET", message, nil)
}

func (c *Context) declared(point, id string) *guestpb.DeclaredContribution {
	for _, declared := range c.hello.GetContributions() {
		if declared.GetPoint() == point && declared.GetId() == id {
			return declared
		}
	}
	return nil
}

// close refuses contributions from now on, and gives what was registered.
func (c *Context) close() *guestpb.ReadyFrame {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	ready := &guestpb.ReadyFrame{Findings: c.findings, SavesState: c.saveState != nil}
	for _, declared := range c.hello.GetContributions() {
		point, id := declared.GetPoint(), declared.GetId()
		if c.supplied[point+"/"+id] != nil {
			ready.Supplied = append(ready.Supplied, &guestpb.SuppliedContribution{Point: point, Id: id})
			continue
		}
		ready.Findings = append(ready.Findings, &guestpb.Finding{
			Code:  "CONTRIBUTION_MISSING",
			Point: point,
			Id:    id,
			Message: fmt.Sprintf("%s declares %s %q but its activate did not supply it.",
				c.session.identity.ID, point, id),
		})
	}
	return ready
}

func (c *Context) describeExports() (*guestpb.ExportDescriptor, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	described := &guestpb.ExportDescriptor{}
	for name := range c.functions {
		described.Functions = append(described.Functions, name)
	}
	sort.Strings(described.Functions)
	limit := c.session.peer.callBytes
	values, refused := (&encoder{left: limit}).object(c.exports)
	if refused != nil {
		return nil, refused.explain(c.session.identity.ID, "exports", "The exports of the extension hold", limit)
	}
	described.Values = values
	return described, nil
}

func (c *Context) contributed(point, id, method string) Method {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.supplied[point+"/"+id][method]
}

// inOrderKey names the contribution of the target if its calls come one at a
// time; else it is empty.
func (c *Context) inOrderKey(target string) string {
	key := target
	if end := strings.LastIndexByte(target, '/'); end >= 0 {
		key = target[:end]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inOrder[key] {
		return key
	}
	return ""
}

func (c *Context) exported(name string) Method {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.functions[name]
}

func (c *Context) save(ctx context.Context) (*State, error) {
	c.mu.Lock()
	save := c.saveState
	c.mu.Unlock()
	if save == nil {
		return nil, nil
	}
	return save(ctx)
}

func (c *Context) dependencyBecomes(id string, args []any) {
	dependency := c.dependencies[id]
	if dependency == nil {
		return
	}
	var exports any
	if len(args) > 1 {
		exports = args[1]
	}
	dependency.become(exports)
}

func (c *Context) pointBecomes(id string, lines any) {
	if collection := c.points[id]; collection != nil {
		collection.become(linesOf(lines))
	}
}

// deactivate runs everything that is to be run at the end, whatever fails.
func (c *Context) deactivate(ctx context.Context) error {
	c.mu.Lock()
	deactivates := c.deactivates
	c.deactivates = nil
	c.mu.Unlock()
	var errs []error
	for index := len(deactivates) - 1; index >= 0; index-- {
		if err := guarded(func() error { return deactivates[index](ctx) }); err != nil {
			errs = append(errs, err)
		}
	}
	errs = append(errs, c.clean()...)
	return joined(fmt.Sprintf("%d steps of the deactivation failed.", len(errs)), errs)
}

// cleanUp runs what is left of the cleanups, and logs what fails.
func (c *Context) cleanUp() {
	for _, err := range c.clean() {
		c.logger.Error("A cleanup failed.", "error", err)
	}
}

func (c *Context) clean() []error {
	c.mu.Lock()
	cleanups := c.cleanups
	c.cleanups = nil
	c.ended = true
	c.mu.Unlock()
	var errs []error
	for index := len(cleanups) - 1; index >= 0; index-- {
		if err := guarded(func() error { cleanups[index](); return nil }); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}
