// Command conformance-guest is the guest of the conformance suite. The cases
// sketch their extensions in JavaScript; the suite puts the sketch beside this
// program, which does in Go what each text says. Texts that it does not know
// fail the activation and are named, so that no case passes by accident.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"plugboard.dev/plugboard"
)

func main() {
	e := &extension{}
	plugboard.ServeProgram(plugboard.Program{Load: e.load, Activate: e.activate})
}

// sketch is what a case says of an extension.
type sketch struct {
	Supplies    map[string]map[string]string `json:"supplies"`
	Contributes map[string]json.RawMessage   `json:"contributes"`
	Head        string                       `json:"head"`
	Activate    string                       `json:"activate"`
	Deactivate  string                       `json:"deactivate"`
	SaveState   string                       `json:"saveState"`
	Source      string                       `json:"source"`
	Version     string                       `json:"version"`
}

// extension is one generation, with what the texts of its sketch share.
type extension struct {
	*plugboard.Context
	sketch sketch

	mu      sync.Mutex
	count   float64
	seen    []any
	codes   []any
	door    chan string
	found   any
	journal *plugboard.Service
	orders  *plugboard.Service
	base    *plugboard.Dependency
	panels  *plugboard.Collection
}

// run answers a subject; a step is a body of activate, deactivate or saveState.
type (
	run  func(e *extension, call *plugboard.Call) (any, error)
	step func(e *extension, ctx context.Context) error
	save func(e *extension) (*plugboard.State, error)
)

func (e *extension) load(ctx *plugboard.Context) error {
	e.Context = ctx
	e.door = make(chan string, 1)
	path := filepath.Join(ctx.Extension().Path, "sketch.json")
	if err := ctx.Uses(path); err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &e.sketch); err != nil {
		return err
	}
	if strings.Contains(e.sketch.Head, "process.exit(4)") {
		os.Exit(4)
	}
	return nil
}

func (e *extension) activate(ctx *plugboard.Context) error {
	if service, err := ctx.Service("conformance.journal"); err == nil {
		e.journal = service
	}
	if err := e.contribute(); err != nil {
		return err
	}
	if text := bare(e.sketch.SaveState); text != "" {
		saver, err := known("saveState", text, saves)
		if err != nil {
			return err
		}
		ctx.OnSaveState(func(context.Context) (*plugboard.State, error) { return saver(e) })
	}
	if text := bare(e.sketch.Deactivate); text != "" {
		stop, err := known("deactivate", text, deactivates)
		if err != nil {
			return err
		}
		ctx.OnDeactivate(func(ctx context.Context) error { return stop(e, ctx) })
	}
	text := e.sketch.Activate
	if at := strings.Index(text, "journal.write(String(line));"); at >= 0 {
		text = text[at+len("journal.write(String(line));"):]
	}
	if bare(text) == "" {
		return nil
	}
	start, err := known("activate", bare(text), activates)
	if err != nil {
		return err
	}
	return start(e, ctx.Context())
}

func (e *extension) contribute() error {
	if e.sketch.Source != "" {
		_, err := known("source", bare(e.sketch.Source), sources)
		return err
	}
	for _, point := range e.DeclaredPoints() {
		for _, id := range e.Declared(point) {
			text, supplied := e.sketch.Supplies[point][id]
			if !supplied {
				continue
			}
			implementation, err := known("contribution", bare(text), contributions)
			if err != nil {
				implementation, err = known("contribution", bare(text), faults)
			}
			if err != nil {
				return err
			}
			if err := e.Contribute(point, id, implementation(e)); err != nil {
				return err
			}
		}
	}
	return nil
}

// write adds a line to the journal of the host.
func (e *extension) write(ctx context.Context, line string) error {
	_, err := e.journal.Call(ctx, "write", line)
	return err
}

// bare is a text without what only lays it out.
func bare(text string) string { return strings.Join(strings.Fields(text), " ") }

func known[T any](what, text string, table map[string]T) (T, error) {
	for key, found := range table {
		if bare(key) == text {
			return found, nil
		}
	}
	var none T
	return none, fmt.Errorf("the guest in Go knows no %s like %s", what, text)
}
