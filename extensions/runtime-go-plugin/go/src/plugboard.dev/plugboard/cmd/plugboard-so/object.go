package main

import (
	"fmt"
	"path/filepath"
	"plugin"
	"reflect"
	"runtime"
	"strings"

	"plugboard.dev/plugboard"
)

// greeter and transformer are what the hosts of such objects ask for; an
// object need not import them.
type (
	greeter interface {
		Greet(name string) string
		Lang() string
	}
	transformer interface {
		Transform(input string) string
		Name() string
	}
)

// object is the shared object that the arguments name.
type object struct {
	args           []string
	name           string
	symbol         string
	implementation any
}

// load opens the object and finds its symbol.
func (o *object) load(ctx *plugboard.Context) error {
	if len(o.args) == 0 {
		return failure(ctx, "MODULE_NOT_FOUND", `names no shared object: add it to the manifest, as in args: ["english.so"]`, nil)
	}
	o.name, o.symbol = o.args[0], "Plugin"
	if len(o.args) > 1 {
		o.symbol = o.args[1]
	}
	path := o.name
	if !filepath.IsAbs(path) {
		path = filepath.Join(ctx.Extension().Path, o.name)
	}
	if err := ctx.Uses(path); err != nil {
		what := fmt.Sprintf("can't read %s: build it with go build -buildmode=plugin", o.name)
		return failure(ctx, "MODULE_NOT_FOUND", what, err)
	}
	if what := unfitness(path); what != "" {
		return failure(ctx, "MODULE_UNFIT", fmt.Sprintf("can't open %s: %s", o.name, what), nil)
	}
	opened, err := plugin.Open(path)
	if err != nil {
		return failure(ctx, "MODULE_FAILED", explain(o.name, err), err)
	}
	found, err := opened.Lookup(o.symbol)
	if err != nil {
		what := fmt.Sprintf("finds no exported %s in %s: declare var %s in its package main", o.symbol, o.name, o.symbol)
		return failure(ctx, "MODULE_EXPORT_MISSING", what, err)
	}
	if o.implementation = meant(found); o.implementation == nil {
		what := fmt.Sprintf("finds nothing in %s of %s: it is nil", o.symbol, o.name)
		return failure(ctx, "MODULE_EXPORT_MISSING", what, nil)
	}
	return nil
}

// meant is what a symbol stands for. A symbol is a pointer to its variable: of
// var Plugin = &G{} a pointer to a pointer, of var Plugin Greeter = G{} one to
// an interface; neither has the methods of what it leads to. Nil if that is nil.
func meant(symbol plugin.Symbol) any {
	value := reflect.ValueOf(symbol)
	for value.Kind() == reflect.Pointer || value.Kind() == reflect.Interface {
		if value.IsNil() {
			return nil
		}
		to := value.Elem()
		if to.Kind() != reflect.Pointer && to.Kind() != reflect.Interface {
			break
		}
		value = to
	}
	return value.Interface()
}

// activate contributes the object under every id that the manifest declares.
func (o *object) activate(ctx *plugboard.Context) error {
	for _, point := range ctx.DeclaredPoints() {
		if err := o.fits(ctx, point); err != nil {
			return err
		}
		for _, id := range ctx.Declared(point) {
			if err := ctx.Contribute(point, id, o.implementation); err != nil {
				return err
			}
		}
	}
	return nil
}

// explain says what to do about an object that does not open.
func explain(name string, err error) string {
	text := err.Error()
	switch {
	case strings.Contains(text, "different version of package"):
		return fmt.Sprintf("can't open %s: it was built with another Go, or other versions of packages, than plugboard-so "+
			"(%s). Build both with the same toolchain and flags", name, runtime.Version())
	case strings.Contains(text, "realpath"):
		return fmt.Sprintf("can't open %s: there is no such file, or a folder on its path can't be read", name)
	case strings.Contains(text, "invalid ELF header"), strings.Contains(text, "file too short"),
		strings.Contains(text, "cannot dynamically load"):
		return fmt.Sprintf("can't open %s: it is no shared object of this machine. Build it with -buildmode=plugin", name)
	case strings.Contains(text, "not implemented"):
		return fmt.Sprintf("can't open %s: plugboard-so was built without cgo, or for a system without Go's plugins", name)
	}
	return "can't open " + name
}

// fits checks the type of what was found, as a host in Go would by asserting it.
func (o *object) fits(ctx *plugboard.Context, point string) error {
	var wanted string
	switch point {
	case "greeters":
		if _, ok := o.implementation.(greeter); ok {
			return nil
		}
		wanted = "Greet(name string) string and Lang() string"
	case "transformers":
		if _, ok := o.implementation.(transformer); ok {
			return nil
		}
		wanted = "Transform(input string) string and Name() string"
	default:
		return nil
	}
	found := reflect.TypeOf(o.implementation)
	if found.Kind() == reflect.Pointer && found.Elem().Kind() != reflect.Struct {
		found = found.Elem()
	}
	what := fmt.Sprintf("finds a %s as %s in %s, which has no %s", found, o.symbol, o.name, wanted)
	return failure(ctx, "MODULE_EXPORT_MISSING", what, nil)
}

func failure(ctx *plugboard.Context, code, what string, cause error) error {
	return &plugboard.Error{
		Name:             "ExtensionError",
		Message:          ctx.Extension().ID + " " + what + ".",
		Code:             code,
		IsExtensionError: true,
		ExtensionID:      ctx.Extension().ID,
		Cause:            cause,
	}
}
