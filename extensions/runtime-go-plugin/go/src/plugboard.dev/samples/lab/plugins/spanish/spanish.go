// Spanish greets in Spanish, from a shared object that a host opens.
package main

import "fmt"

// SpanishGreeter implements the contract's Greeter.
type SpanishGreeter struct{}

// Greet greets.
func (g SpanishGreeter) Greet(name string) string {
	return fmt.Sprintf("¡Hola, %s! Mucho gusto.", name)
}

// Lang is the language.
func (g SpanishGreeter) Lang() string { return "Español" }

// Plugin is the symbol that the host looks up.
var Plugin SpanishGreeter
