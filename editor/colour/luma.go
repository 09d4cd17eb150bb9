package colour

// The weights of red, green and blue in luma (ITU-R BT.601); their sum is 1. The constants
// are untyped, so that they are exact for each numeric type.
const (
	LumaRed   = 0.299
	LumaGreen = 0.587
	LumaBlue  = 0.114
)
