// A greeter in Go. `go doc plugboard.dev/plugboard` tells what else an extension gets.
package main

import "plugboard.dev/plugboard"

type greeter struct{}

func (greeter) Greet(name string) string {
	return "Hello from Go, " + name + "!"
}

func main() {
	plugboard.Serve(func(ctx *plugboard.Context) error {
		return ctx.Contribute("greeters", "{{contribution}}", greeter{})
	})
}
