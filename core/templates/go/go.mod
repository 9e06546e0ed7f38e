module example.com/{{id}}

go 1.19

require plugboard.dev/plugboard v0.0.0

replace plugboard.dev/plugboard => {{packages}}/@plugboard/runtime-go-plugin/go/src/plugboard.dev/plugboard
