//go:build !linux

package plugboard

import (
	"os"
	"time"
)

// changeTime is not known here: the host compares the content.
func changeTime(os.FileInfo) time.Time { return time.Now() }
