package apitest

// unknowns are services that don't know a field of the contract and say so, most of
// them before they have looked at the pictures.
var unknowns = []Scenario{
	refuses("n", "n"),
	refuses("mask", "mask"),
	refuses("user", "user"),
	refuses("quality", "quality"),
	{Name: "prose-mask", About: "400: a message, and nothing else, says that there is no mask", play: checked(func(x *Exchange) {
		if x.File("mask") != nil {
			x.json(400, map[string]any{"error": map[string]any{"message": "litellm.UnsupportedParamsError: Setting 'mask' is not supported", "type": nil, "param": nil, "code": "400"}})
			return
		}
		x.usual()
	})},
	{Name: "stream-unpassed", About: "500 where a stream is asked for: the picture was made and can't be passed on", play: checked(func(x *Exchange) {
		if x.Field("stream") != "" {
			x.json(500, map[string]any{"error": map[string]any{"message": "invalid character 'e' looking for beginning of value", "type": "new_api_error", "param": "", "code": "bad_response_body"}})
			return
		}
		x.usual()
	})},
	complains("no-channel", 503, "", "当前分组 default 下对于模型 dall-e-2 无可用渠道", ""),
	complains("unpriced", 400, "model_price_error", "model price is not set", "new_api_error"),
	complains("unconverted", 500, "convert_request_failed", "not implemented", "new_api_error"),
	complains("not-implemented", 501, "api_not_implemented", "the channel does not support image edits", "api_not_implemented"),
	complains("unverified", 403, "", "Your organization must be verified to use the model `gpt-image-2`.", "invalid_request_error"),
}

// refuses is a service that doesn't know a field.
func refuses(name, field string) Scenario {
	return Scenario{Name: "no-" + name, About: "400: the field " + field + " is unknown", play: func(x *Exchange) {
		if x.Field(field) != "" || x.File(field) != nil {
			x.forgive()
			x.json(400, map[string]any{"error": map[string]any{"message": "Unknown parameter: '" + field + "'.", "type": "invalid_request_error", "param": field, "code": "unknown_parameter"}})
			return
		}
		checked((*Exchange).usual)(x)
	}}
}

// complains is a service that answers with one complaint.
func complains(name string, status int, code, message, sort string) Scenario {
	return Scenario{Name: name, About: message, play: checked(func(x *Exchange) {
		x.json(status, map[string]any{"error": map[string]any{"message": message, "type": sort, "param": "", "code": code}})
	})}
}
