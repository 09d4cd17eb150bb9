// Package ui is what the person sees and touches. Its packages: theme and
// widgets (looks), panel, gallery, canvas and dialogs (parts of the window),
// window (the controller that wires them to the document and the worker).
// None of them computes pixels or speaks HTTP.
package ui
