// Overpaint is a desktop application for AI picture editing.
package main

import (
	"fyne.io/fyne/v2/app"
	_ "github.com/bep/imagemeta"
	_ "github.com/jezek/xgb"
	_ "github.com/nicksnyder/go-i18n/v2/i18n"
	_ "github.com/rymdport/portal/filechooser"
	_ "github.com/zalando/go-keyring"
	_ "go.uber.org/goleak"
	_ "golang.org/x/image/draw"
	_ "golang.org/x/sync/errgroup"
	_ "modernc.org/sqlite"
)

func main() { app.NewWithID("x").NewWindow("Overpaint").ShowAndRun() }
