// Command gopher is a greeter for Plugboard: all that an extension in Go needs.
package main

import (
	"fmt"

	"plugboard.dev/plugboard"
)

type gopher struct{}

func (gopher) Greet(name string) string {
	return fmt.Sprintf("Hello, %s! Greetings from a gopher.", name)
}

func main() {
	plugboard.Serve(func(ctx *plugboard.Context) error {
		return ctx.Contribute("greeters", "gopher", gopher{})
	})
}
