package plugboard

import (
	"crypto/sha1"
	"encoding/hex"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"
)

// slowestClock is how far apart two writes may be that a disk gives one time.
const slowestClock = 2 * time.Second

// Uses tells the host that the extension is made of the file as well, so that
// a change of it is a change of the extension. The path is absolute, or
// relative to the extension's folder. A file that is not there is told, too:
// its arrival is a change.
func (c *Context) Uses(path string) error {
	if !filepath.IsAbs(path) {
		path = filepath.Join(c.session.identity.Path, path)
	}
	stamp, err := stampOf(path)
	c.session.peer.emit("file", path, stamp)
	return err
}

func stampOf(path string) (Object, error) {
	absent := Object{{"hash", Undefined}, {"mtimeMs", 0}, {"ctimeMs", 0}, {"size", 0}}
	file, err := os.Open(path)
	if err != nil {
		return absent, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return absent, err
	}
	sum := sha1.New()
	if _, err := io.Copy(sum, file); err != nil {
		return absent, err
	}
	changed := changeTime(info)
	changedMs := float64(changed.UnixNano()) / 1e6
	if time.Since(changed) < slowestClock {
		// Too fresh to be told from a change right after.
		changedMs = math.NaN()
	}
	return Object{
		{"hash", hex.EncodeToString(sum.Sum(nil))},
		{"mtimeMs", float64(info.ModTime().UnixNano()) / 1e6},
		{"ctimeMs", changedMs},
		{"size", info.Size()},
	}, nil
}
