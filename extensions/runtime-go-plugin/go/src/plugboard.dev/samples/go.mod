module plugboard.dev/samples

go 1.19

require (
	github.com/golang/protobuf v1.3.5
	github.com/hashicorp/go-hclog v0.11.0
	github.com/hashicorp/go-plugin v1.0.1
	google.golang.org/grpc v1.33.3
	plugboard.dev/plugboard v0.0.0
)

replace plugboard.dev/plugboard => ../plugboard
