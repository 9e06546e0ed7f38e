// Command netgreeter is a plugin that speaks net/rpc.
package main

import (
	"fmt"

	plugin "github.com/hashicorp/go-plugin"

	"plugboard.dev/interop/netgreeter"
)

type greeter struct{}

func (greeter) Greet(name string) (string, error) {
	return fmt.Sprintf("Hello, %s! By net/rpc.", name), nil
}

func main() {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: netgreeter.Handshake,
		Plugins:         plugin.PluginSet{"greeter": &netgreeter.Plugin{Greeter: greeter{}}},
	})
}
