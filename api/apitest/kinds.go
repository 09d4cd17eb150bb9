package apitest

import "overpaint.dev/overpaint/api"

// Kinds returns all kinds of errors that package api has.
func Kinds() []api.Kind {
	return []api.Kind{
		api.KindAuth, api.KindQuota, api.KindRate, api.KindModeration, api.KindRejected, api.KindMoved, api.KindNotService,
		api.KindEmpty, api.KindNetwork, api.KindUnknown, api.KindInput, api.KindLocal, api.KindCancelled,
	}
}
