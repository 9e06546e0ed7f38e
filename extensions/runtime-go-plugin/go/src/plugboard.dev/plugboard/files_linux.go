package plugboard

import (
	"os"
	"syscall"
	"time"
)

// changeTime is when the file or its entry last changed.
func changeTime(info os.FileInfo) time.Time {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(stat.Ctim.Unix())
	}
	return time.Now()
}
