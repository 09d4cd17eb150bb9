package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// The colours of the design by what they are used for. All have a dark and a
// light value.
const (
	Window      fyne.ThemeColorName = "overpaint.window"      // menu and status bar
	Panel       fyne.ThemeColorName = "overpaint.panel"       // rail, options, side panel, gallery, dialogs
	Surround    fyne.ThemeColorName = "overpaint.surround"    // behind the picture; neutral
	Control     fyne.ThemeColorName = "overpaint.control"     // fields and buttons
	Unusable    fyne.ThemeColorName = "overpaint.unusable"    // fields and buttons that are disabled
	Line        fyne.ThemeColorName = "overpaint.line"        // dividers
	Edge        fyne.ThemeColorName = "overpaint.edge"        // borders of controls
	Text        fyne.ThemeColorName = "overpaint.text"        // main text
	Secondary   fyne.ThemeColorName = "overpaint.secondary"   // labels and notes
	Disabled    fyne.ThemeColorName = "overpaint.disabled"    // disabled controls
	Accent      fyne.ThemeColorName = "overpaint.accent"      // mask, selected tool, chosen variant, Generate
	AccentText  fyne.ThemeColorName = "overpaint.accenttext"  // text in the accent's colour, readable on panels and on Selected
	OnAccent    fyne.ThemeColorName = "overpaint.onaccent"    // text over Accent
	OnAccent2   fyne.ThemeColorName = "overpaint.onaccent2"   // secondary text over Accent
	Selected    fyne.ThemeColorName = "overpaint.selected"    // behind the selected tool or segment
	Hover       fyne.ThemeColorName = "overpaint.hover"       // over a control under the pointer
	Track       fyne.ThemeColorName = "overpaint.track"       // a slider's or progress bar's track
	TrackFill   fyne.ThemeColorName = "overpaint.trackfill"   // a slider's track up to its knob
	Knob        fyne.ThemeColorName = "overpaint.knob"        // a slider's knob
	Warning     fyne.ThemeColorName = "overpaint.warning"     // a notice's sign, a counter over its limit
	Badge       fyne.ThemeColorName = "overpaint.badge"       // behind a number that lies on a picture
	OnBadge     fyne.ThemeColorName = "overpaint.onbadge"     // text over Badge
	BadgeHover  fyne.ThemeColorName = "overpaint.badgehover"  // a badge under the pointer
	OnHandle    fyne.ThemeColorName = "overpaint.onhandle"    // a line or handle over a picture, in both looks
	OnBadgeStar fyne.ThemeColorName = "overpaint.onbadgestar" // a favourite's star over Badge
	Ready       fyne.ThemeColorName = "overpaint.ready"       // the status bar's dot
)

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

func alpha(hex uint32, a uint8) color.NRGBA {
	c := rgb(hex)
	c.A = a
	return c
}

type pair struct{ dark, light color.NRGBA }

var palette = map[fyne.ThemeColorName]pair{
	Window:      {rgb(0x2b2b2b), rgb(0xe9e9e9)},
	Panel:       {rgb(0x303030), rgb(0xf2f2f2)},
	Surround:    {rgb(0x1d1d1d), rgb(0xcfcfcf)},
	Control:     {rgb(0x3c3c3c), rgb(0xffffff)},
	Unusable:    {rgb(0x343434), rgb(0xe9e9e9)},
	Line:        {rgb(0x232323), rgb(0xd4d4d4)},
	Edge:        {rgb(0x454545), rgb(0xc2c2c2)},
	Text:        {rgb(0xe8e8e8), rgb(0x1f1f1f)},
	Secondary:   {rgb(0xa8a8a8), rgb(0x626262)},
	Disabled:    {rgb(0xa6a6a6), rgb(0x686868)},
	Accent:      {rgb(0xff7a4d), rgb(0xd04318)},
	AccentText:  {rgb(0xff8a62), rgb(0xb83a12)},
	OnAccent:    {rgb(0x1b1b1b), rgb(0xffffff)},
	OnAccent2:   {alpha(0x1b1b1b, 0xd8), rgb(0xffffff)},
	Selected:    {rgb(0x4a3a33), rgb(0xfbe3da)},
	Hover:       {alpha(0xffffff, 0x14), alpha(0x000000, 0x10)},
	Track:       {rgb(0x4a4a4a), rgb(0xc2c2c2)},
	TrackFill:   {rgb(0xa8a8a8), rgb(0x626262)},
	Knob:        {rgb(0xe8e8e8), rgb(0x1f1f1f)},
	Warning:     {rgb(0xf0c04a), rgb(0x855800)},
	Badge:       {alpha(0x1b1b1b, 0xc8), alpha(0x1b1b1b, 0xc8)},
	OnBadge:     {rgb(0xf0f0f0), rgb(0xf0f0f0)},
	BadgeHover:  {rgb(0x505050), rgb(0x505050)},
	OnHandle:    {rgb(0xffffff), rgb(0xffffff)},
	OnBadgeStar: {rgb(0xf5b83d), rgb(0xf5b83d)},
	Ready:       {rgb(0xa8a8a8), rgb(0x626262)},

	fynetheme.ColorNameBackground:                {rgb(0x2b2b2b), rgb(0xe9e9e9)},
	fynetheme.ColorNameButton:                    {rgb(0x3c3c3c), rgb(0xffffff)},
	fynetheme.ColorNameDisabledButton:            {rgb(0x363636), rgb(0xececec)},
	fynetheme.ColorNameDisabled:                  {rgb(0xa6a6a6), rgb(0x686868)},
	fynetheme.ColorNameError:                     {rgb(0xff8f7a), rgb(0xb3261e)},
	fynetheme.ColorNameFocus:                     {rgb(0x4c4c4c), rgb(0xdcdcdc)},
	fynetheme.ColorNameForeground:                {rgb(0xe8e8e8), rgb(0x1f1f1f)},
	fynetheme.ColorNameForegroundOnError:         {rgb(0x1b1b1b), rgb(0xffffff)},
	fynetheme.ColorNameForegroundOnPrimary:       {rgb(0x1b1b1b), rgb(0xffffff)},
	fynetheme.ColorNameForegroundOnSuccess:       {rgb(0x1b1b1b), rgb(0xffffff)},
	fynetheme.ColorNameForegroundOnWarning:       {rgb(0x1b1b1b), rgb(0xffffff)},
	fynetheme.ColorNameHeaderBackground:          {rgb(0x363636), rgb(0xe9e9e9)},
	fynetheme.ColorNameHover:                     {alpha(0xffffff, 0x14), alpha(0x000000, 0x10)},
	fynetheme.ColorNameHyperlink:                 {rgb(0xe8e8e8), rgb(0x1f1f1f)},
	fynetheme.ColorNameInnerWindowBorder:         {rgb(0x454545), rgb(0xc2c2c2)},
	fynetheme.ColorNameInnerWindowBorderInactive: {rgb(0x3c3c3c), rgb(0xd4d4d4)},
	fynetheme.ColorNameInputBackground:           {rgb(0x3c3c3c), rgb(0xffffff)},
	fynetheme.ColorNameInputBorder:               {rgb(0x454545), rgb(0xc2c2c2)},
	fynetheme.ColorNameMenuBackground:            {rgb(0x363636), rgb(0xfafafa)},
	fynetheme.ColorNameOverlayBackground:         {rgb(0x303030), rgb(0xf2f2f2)},
	fynetheme.ColorNamePlaceHolder:               {rgb(0xa6a6a6), rgb(0x6b6b6b)},
	fynetheme.ColorNamePressed:                   {alpha(0xffffff, 0x28), alpha(0x000000, 0x20)},
	fynetheme.ColorNamePrimary:                   {rgb(0xff7a4d), rgb(0xd04318)},
	fynetheme.ColorNameScrollBar:                 {alpha(0xffffff, 0x50), alpha(0x000000, 0x50)},
	fynetheme.ColorNameScrollBarBackground:       {alpha(0x000000, 0x30), alpha(0x000000, 0x10)},
	fynetheme.ColorNameSelection:                 {alpha(0xffffff, 0x38), alpha(0x000000, 0x26)},
	fynetheme.ColorNameSeparator:                 {rgb(0x454545), rgb(0xd4d4d4)},
	fynetheme.ColorNameShadow:                    {alpha(0x000000, 0x60), alpha(0x000000, 0x1c)},
	fynetheme.ColorNameSuccess:                   {rgb(0x8fc98f), rgb(0x2e7d32)},
	fynetheme.ColorNameWarning:                   {rgb(0xf0c04a), rgb(0x855800)},
}

// The measures of the design in Fyne's units, which are pixels at scale 1.
const (
	TextSize       float32 = 13
	LabelSize      float32 = 12
	SmallSize      float32 = 11 // the counter in a field, the number on a card
	Grid           float32 = 4
	PanelPadding   float32 = 12
	Gap            float32 = 8 // between controls
	ControlHeight  float32 = 28
	GenerateHeight float32 = 36
	Radius         float32 = 6
	ToolSize       float32 = 32
	ToolIcon       float32 = 18
	RailWidth      float32 = 44
	OptionsHeight  float32 = 40
	SideWidth      float32 = 300
	SideMin        float32 = 240
	SideMax        float32 = 420
	GalleryHeight  float32 = 128
	CardSize       float32 = 104
	StatusHeight   float32 = 24
)

var sizes = map[fyne.ThemeSizeName]float32{
	fynetheme.SizeNameText:                 TextSize,
	fynetheme.SizeNameCaptionText:          SmallSize,
	fynetheme.SizeNameHeadingText:          18,
	fynetheme.SizeNameSubHeadingText:       15,
	fynetheme.SizeNamePadding:              4,
	fynetheme.SizeNameInnerPadding:         7,
	fynetheme.SizeNameLineSpacing:          4,
	fynetheme.SizeNameInlineIcon:           18,
	fynetheme.SizeNameSeparatorThickness:   1,
	fynetheme.SizeNameSplitThickness:       1,
	fynetheme.SizeNameScrollBar:            10,
	fynetheme.SizeNameScrollBarSmall:       4,
	fynetheme.SizeNameScrollBarRadius:      4,
	fynetheme.SizeNameInputBorder:          1,
	fynetheme.SizeNameInputRadius:          Radius,
	fynetheme.SizeNameButtonRadius:         Radius,
	fynetheme.SizeNameCardRadius:           Radius,
	fynetheme.SizeNamePopupRadius:          Radius,
	fynetheme.SizeNameMenuRadius:           4,
	fynetheme.SizeNameSelectionRadius:      4,
	fynetheme.SizeNameDialogRadius:         10,
	fynetheme.SizeNameModalBlurRadius:      0,
	fynetheme.SizeNameInnerWindowRadius:    Radius,
	fynetheme.SizeNameWindowTitleBarHeight: ControlHeight,
	fynetheme.SizeNameWindowButtonHeight:   16,
	fynetheme.SizeNameWindowButtonIcon:     14,
	fynetheme.SizeNameWindowButtonRadius:   8,
}
