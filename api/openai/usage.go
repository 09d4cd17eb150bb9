package openai

import "encoding/json"

// readUsage flattens the service's account: nested names are joined by dots.
func readUsage(raw json.RawMessage) map[string]int64 {
	var fields map[string]any
	if json.Unmarshal(raw, &fields) != nil {
		return nil
	}
	usage := map[string]int64{}
	var walk func(prefix string, fields map[string]any, depth int)
	walk = func(prefix string, fields map[string]any, depth int) {
		for name, value := range fields {
			switch v := value.(type) {
			case float64:
				if v >= 0 && v < 1<<53 {
					usage[prefix+name] = int64(v)
				}
			case map[string]any:
				if depth < 3 {
					walk(prefix+name+".", v, depth+1)
				}
			}
		}
	}
	walk("", fields, 0)
	if len(usage) == 0 {
		return nil
	}
	return usage
}
