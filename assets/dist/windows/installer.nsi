; Installs Overpaint for the person who starts this, without an administrator's rights:
; the files, a shortcut, "Open with", and an uninstaller. What the person made with
; the program (settings, history, keys) stays when it is uninstalled.
Target amd64-unicode
ManifestDPIAware true
SetCompressor /SOLID lzma
SetDateSave off
RequestExecutionLevel user
Name "Overpaint"
OutFile "@OUT@"
Icon "overpaint.ico"
UninstallIcon "overpaint.ico"
InstallDir "$LOCALAPPDATA\Programs\Overpaint"
InstallDirRegKey HKCU "Software\Overpaint" "InstallDir"
VIProductVersion "@NUMBERS@"
VIAddVersionKey "ProductName" "Overpaint"
VIAddVersionKey "FileDescription" "Overpaint"
VIAddVersionKey "FileVersion" "@VERSION@"
VIAddVersionKey "ProductVersion" "@VERSION@"
VIAddVersionKey "LegalCopyright" "Copyright (c) 2026 The Overpaint authors"

!include "MUI2.nsh"
!define MUI_ICON "overpaint.ico"
!define MUI_UNICON "overpaint.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\overpaint.exe"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"

LangString project ${LANG_ENGLISH} "Overpaint project"
LangString project ${LANG_SIMPCHINESE} "Overpaint 工程"

!define CLASSES "Software\Classes"
!define APPLICATION "${CLASSES}\Applications\overpaint.exe"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Overpaint"

!macro Refresh
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

Section
  SetOutPath "$INSTDIR"
@FILES@
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Overpaint.lnk" "$INSTDIR\overpaint.exe"

  WriteRegStr HKCU "${APPLICATION}" "FriendlyAppName" "Overpaint"
  WriteRegStr HKCU "${APPLICATION}\shell\open\command" "" '"$INSTDIR\overpaint.exe" "%1"'
@TYPES@
  WriteRegStr HKCU "${CLASSES}\Overpaint.Project" "" "$(project)"
  WriteRegStr HKCU "${CLASSES}\Overpaint.Project\DefaultIcon" "" "$INSTDIR\overpaint.exe,0"
  WriteRegStr HKCU "${CLASSES}\Overpaint.Project\shell\open\command" "" '"$INSTDIR\overpaint.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\.overpaint" "" "Overpaint.Project"

  WriteRegStr HKCU "Software\Overpaint" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Overpaint"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "@VERSION@"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\overpaint.exe,0"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "The Overpaint authors"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" @KILOBYTES@
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  !insertmacro Refresh
SectionEnd

Section "Uninstall"
@REMOVED@
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Overpaint.lnk"
  DeleteRegKey HKCU "${APPLICATION}"
  DeleteRegKey HKCU "${CLASSES}\Overpaint.Project"
  DeleteRegKey HKCU "${CLASSES}\.overpaint"
  DeleteRegKey HKCU "Software\Overpaint"
  DeleteRegKey HKCU "${UNINSTALL}"
  !insertmacro Refresh
SectionEnd
