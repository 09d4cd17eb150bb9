// Package console gives the program its standard streams where it was built
// without a console: on Windows a program that has one flashes a black window up
// when it is started from the desktop.
package console
