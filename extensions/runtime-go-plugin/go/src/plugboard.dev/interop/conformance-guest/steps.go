package main

import (
	"context"
	"math/big"
	"os"
	"strings"
	"time"

	"plugboard.dev/plugboard"
)

func writing(line string) step {
	return func(e *extension, ctx context.Context) error { return e.write(ctx, line) }
}

func sleeping(duration time.Duration, more ...step) step {
	return func(e *extension, ctx context.Context) error {
		if len(more) > 0 {
			if err := more[0](e, ctx); err != nil {
				return err
			}
		}
		time.Sleep(duration)
		if len(more) > 1 {
			return more[1](e, ctx)
		}
		return nil
	}
}

func exporting(add func(left, right float64) float64) step {
	return func(e *extension, _ context.Context) error { return e.Export("add", add) }
}

func sum(left, right float64) float64 { return left + right }

func exportWord(e *extension, _ context.Context) error {
	return e.Export("word", func() string { return "word" })
}

func getBase(e *extension, _ context.Context) (err error) {
	e.base, err = e.Dependency("acme.base")
	return err
}

func getOrders(name string) step {
	return func(e *extension, _ context.Context) (err error) {
		e.orders, err = e.Service(name)
		return err
	}
}

func hanging(*extension, context.Context) error { select {} }

func looping(*extension, context.Context) error {
	for {
	}
}

func nothing(*extension, context.Context) error { return nil }

var sources = map[string]struct{}{
	"export function activate() {}": {},
}

var activates = map[string]step{
	"return {};": nothing,
	`await write("activating"); await new Promise((done) => setTimeout(done, 50)); seen.push("ready");`: sleeping(
		50*time.Millisecond, writing("activating"), func(e *extension, _ context.Context) error {
			e.seen = append(e.seen, "ready")
			return nil
		}),
	`await write("activate");`: writing("activate"),
	`refused(() => context.contribute("subjects", "other", { run() {} }));`: func(e *extension, _ context.Context) error {
		e.codes = append(e.codes, codeOf(e.Contribute("subjects", "other", plugboard.Methods{})))
		return nil
	},
	`orders = context.services.get(Symbol.for("conformance.orders"));`: getOrders("conformance.orders"),
	`found = (await context.services.get(Symbol.for("conformance.orders")).find("early")).id;`: func(e *extension, ctx context.Context) error {
		order, err := find(e, ctx, "early")
		if err == nil {
			e.found = order.(map[string]any)["id"]
		}
		return err
	},
	`context.configuration.onDidChange(() => { write(context.configuration.get("word")); });`: func(e *extension, ctx context.Context) error {
		e.Configuration().OnDidChange(func() { _ = e.write(ctx, e.Configuration().Get("word").(string)) })
		return nil
	},
	`panels = context.contributions("panels");
    panels.onDidChange(({ added, removed }) => {
      write([...added.map(({ id }) => "+" + id), ...removed.map(({ id }) => "-" + id)].join(" "));
    });`: func(e *extension, ctx context.Context) (err error) {
		if e.panels, err = e.Contributions("panels"); err != nil {
			return err
		}
		e.panels.OnDidChange(func(delta plugboard.Delta) {
			var changes []string
			for _, entry := range delta.Added {
				changes = append(changes, "+"+entry.ID)
			}
			for _, entry := range delta.Removed {
				changes = append(changes, "-"+entry.ID)
			}
			_ = e.write(ctx, strings.Join(changes, " "))
		})
		return nil
	},
	`throw Object.assign(new TypeError("not today"), { code: "E_DAY" });`: func(*extension, context.Context) error {
		return &plugboard.Error{Name: "TypeError", Message: "not today", Code: "E_DAY"}
	},
	`return {
    add: (left, right) => left + right,
    later: async (value) => ({ value, again: ++count }),
    fail: () => { throw Object.assign(new TypeError("provider's own"), { code: "E_BASE" }); },
    words, version: 7, nothing: null, at: new Date(0),
  };`: func(e *extension, _ context.Context) error {
		exports := map[string]any{
			"add":   sum,
			"later": func(value any) map[string]any { return map[string]any{"value": value, "again": counted(e)} },
			"fail": func() error {
				return &plugboard.Error{Name: "TypeError", Message: "provider's own", Code: "E_BASE"}
			},
			"words": []string{"one"}, "version": 7, "nothing": nil, "at": time.UnixMilli(0),
		}
		for name, value := range exports {
			if err := e.Export(name, value); err != nil {
				return err
			}
		}
		return nil
	},
	"return { add: (left, right) => left * right + 100 };": exporting(func(left, right float64) float64 {
		return left*right + 100
	}),
	`return { add: (l, r) => l + r, tools: { list: [1, () => 1] } };`: func(e *extension, ctx context.Context) error {
		if err := e.Export("tools", map[string]any{"list": []any{1, func() int { return 1 }}}); err != nil {
			return err
		}
		return exporting(sum)(e, ctx)
	},
	`const circle = {}; circle.self = circle; return { circle, add: (l, r) => l + r };`: func(e *extension, ctx context.Context) error {
		if err := e.Export("circle", cycle()); err != nil {
			return err
		}
		return exporting(sum)(e, ctx)
	},
	`base = context.dependency("acme.base");`: getBase,
	`base = context.dependency("acme.base");
    base.onDidChange(() => { write(base.current === undefined ? "went" : "came"); });`: func(e *extension, ctx context.Context) error {
		if err := getBase(e, ctx); err != nil {
			return err
		}
		e.base.OnDidChange(func() {
			_ = e.write(ctx, map[bool]string{true: "came", false: "went"}[e.base.Active()])
		})
		return nil
	},
	"count = context.state?.value.count ?? 0;": func(e *extension, _ context.Context) error {
		if state := e.State(); state != nil {
			e.count = state.Value.(map[string]any)["count"].(float64)
		}
		return nil
	},
	`context.subscriptions.push(() => write("first"), { dispose: () => write("second") });
          context.subscriptions.push({ [Symbol.asyncDispose]: async () => { await write("third begins"); await write("third ends"); } });`: func(e *extension, _ context.Context) error {
		for _, line := range []string{"first", "second"} {
			line := line
			e.Cleanup(func() { _ = e.write(context.Background(), line) })
		}
		e.Cleanup(func() {
			_ = e.write(context.Background(), "third begins")
			_ = e.write(context.Background(), "third ends")
		})
		return nil
	},
	`context.subscriptions.push(() => write("disposed"));`: func(e *extension, _ context.Context) error {
		e.Cleanup(func() { _ = e.write(context.Background(), "disposed") })
		return nil
	},
	`let wasAborted = false; context.signal.addEventListener("abort", () => { wasAborted = true; });
          context.subscriptions.push(() => write("aborted " + (wasAborted && context.signal.aborted)));`: func(e *extension, ctx context.Context) error {
		e.Cleanup(func() {
			_ = e.write(context.Background(), map[bool]string{true: "aborted true", false: "aborted false"}[ctx.Err() != nil])
		})
		return nil
	},
	`await write("activating");
          await new Promise((done) => context.signal.addEventListener("abort", done));`: func(e *extension, ctx context.Context) error {
		if err := e.write(ctx, "activating"); err != nil {
			return err
		}
		<-ctx.Done()
		return nil
	},
	`return { word: () => "word" };`: exportWord,
	`return { word: () => 'word' };`: exportWord,
	`orders = context.services.get(Symbol.for("conformance.kept-orders")); base = context.dependency("acme.base");`: func(e *extension, ctx context.Context) error {
		if err := getOrders("conformance.kept-orders")(e, ctx); err != nil {
			return err
		}
		return getBase(e, ctx)
	},
	`await write("start 1.0.0");`:                         writing("start 1.0.0"),
	`await write("start 2.0.0");`:                         writing("start 2.0.0"),
	"await new Promise((done) => setTimeout(done, 20));":  sleeping(20 * time.Millisecond),
	"await new Promise(() => {});":                        hanging,
	"for (;;);":                                           looping,
	"await new Promise((done) => setTimeout(done, 300));": sleeping(300 * time.Millisecond),
	"process.exit(4);": func(*extension, context.Context) error {
		os.Exit(4)
		return nil
	},
}

var deactivates = map[string]step{
	"await new Promise(() => {});": hanging,
	"for (;;);":                    looping,
	`await write("deactivate");`:   writing("deactivate"),
	`await write("deactivate begins"); await new Promise((done) => setTimeout(done, 30)); await write("deactivate ends");`: sleeping(
		30*time.Millisecond, writing("deactivate begins"), writing("deactivate ends")),
	`throw new TypeError("can't let go");`: func(*extension, context.Context) error {
		return &plugboard.Error{Name: "TypeError", Message: "can't let go"}
	},
	`await write("stopping"); await new Promise((done) => setTimeout(done, 50));`: sleeping(
		50*time.Millisecond, writing("stopping")),
	`await write("stop 1.0.0");`: writing("stop 1.0.0"),
	`await write("stop 2.0.0");`: writing("stop 2.0.0"),
	`await write("base");`:       writing("base"),
	`await write("user");`:       writing("user"),
}

var saves = map[string]save{
	"return { version: 1, value: { count } };": func(e *extension) (*plugboard.State, error) {
		return &plugboard.State{Version: 1, Value: map[string]any{"count": e.count}}, nil
	},
	`return { version: 3, value: { map: new Map([["a", 1n]]), set: new Set([1]), at: new Date(0),
          bytes: Uint8Array.of(1, 2), none: undefined, nil: null } };`: func(*extension) (*plugboard.State, error) {
		return &plugboard.State{Version: 3, Value: map[string]any{
			"map":   &plugboard.Map{Entries: []plugboard.MapEntry{{Key: "a", Value: big.NewInt(1)}}},
			"set":   &plugboard.Set{Values: []any{1}},
			"at":    time.UnixMilli(0),
			"bytes": []byte{1, 2},
			"none":  plugboard.Undefined,
			"nil":   nil,
		}}, nil
	},
	`throw new TypeError("can't");`: func(*extension) (*plugboard.State, error) {
		return nil, &plugboard.Error{Name: "TypeError", Message: "can't"}
	},
	"return { version: 1, value: { f() {} } };": func(*extension) (*plugboard.State, error) {
		return &plugboard.State{Version: 1, Value: map[string]any{"f": func() {}}}, nil
	},
	// Of Go's own type there is no other way to be wrong.
	"return 7;": func(*extension) (*plugboard.State, error) {
		return &plugboard.State{Version: 1, Value: make(chan int)}, nil
	},
}
