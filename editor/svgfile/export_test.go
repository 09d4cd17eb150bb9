package svgfile

// ReadWithin reads a drawing that may take so much work, about as many nanoseconds.
var ReadWithin = read
