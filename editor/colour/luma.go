package colour

// The weights of red, green and blue in luma (ITU-R BT.601), whose sum is 1. They are
// constants without a type, so that they are exact in each kind of number.
const (
	LumaRed   = 0.299
	LumaGreen = 0.587
	LumaBlue  = 0.114
)
