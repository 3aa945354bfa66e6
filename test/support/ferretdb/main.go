// FerretDB for tests: `ferretdb ADDRESS FOLDER [PARAMETERS]`. It ends by a signal; SQLite has on the disk what was acknowledged, unless the
// parameters of its URL say otherwise.
package main

import (
	"context"
	"log"
	"log/slog"
	"os"
	"runtime/debug"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	slog.SetLogLoggerLevel(slog.LevelError)
	// Documents are garbage as soon as they were compared, and collecting it was a sixth of its CPU time
	debug.SetGCPercent(400)

	url := "file:" + os.Args[2] + "/"
	if len(os.Args) > 3 {
		url += "?" + os.Args[3]
	}

	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: os.Args[1]},
		Handler:   "sqlite",
		SQLiteURL: url,
	})
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(server.Run(context.Background()))
}
