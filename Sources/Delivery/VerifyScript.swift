// SPDX-License-Identifier: Apache-2.0

import Reporting

/// A script that checks a bag with what a system brings along.
struct VerifyScript {
  let name: String
  let text: String
  var isProgram = false

  static func baseName(_ language: Language) -> String { language.pick("verify", "verifier") }

  /// One for each system; a batch file starts PowerShell's, which a double click would open as text.
  static func all(_ language: Language) -> [VerifyScript] {
    let name = baseName(language)
    let shell = shell(language)
    return [
      VerifyScript(name: name + ".sh", text: shell, isProgram: true),
      VerifyScript(name: name + ".command", text: shell, isProgram: true),
      VerifyScript(name: name + ".bat", text: batch(name)),
      // Without the mark, PowerShell 5 takes accents for another code page.
      VerifyScript(
        name: name + ".ps1",
        text: "\u{FEFF}" + powerShell(language).replacing("\n", with: "\r\n")),
    ]
  }

  /// For sha256sum (Linux) and shasum (macOS), in plain POSIX shell.
  private static func shell(_ language: Language) -> String {
    func say(_ english: String, _ french: String) -> String { language.prose(english, french) }
    return """
      #!/bin/sh
      # \(say("Checks every file of this folder against its fingerprint.", "Compare chaque fichier de ce dossier à son empreinte."))
      # \(say("Exit code: 0 all as it was, 1 something differs, 3 cannot check.", "Code de sortie : 0 tout est conforme, 1 quelque chose diffère, 3 vérification impossible."))
      cd -- "$(dirname -- "$0")" || exit 3
      if [ "$(uname)" != Darwin ] && command -v sha256sum >/dev/null 2>&1; then
        sums() { sha256sum -c "$1"; }
      elif command -v shasum >/dev/null 2>&1; then
        sums() { shasum -a 256 -c "$1"; }
      elif command -v sha256sum >/dev/null 2>&1; then
        sums() { sha256sum -c "$1"; }
      else
        echo "\(say("Neither sha256sum nor shasum is on this computer.", "Ni sha256sum ni shasum ne se trouvent sur cet ordinateur."))"
        exit 3
      fi

      # check LIST: one line for each file that differs, then a count.
      check() {
        if [ ! -r "$1" ]; then
          echo "\(say("MISSING", "MANQUANT"))  $1"
          return 1
        fi
        LC_ALL=C sums "$1" 2>/dev/null | {
          good=0
          bad=0
          while IFS= read -r line; do
            case $line in
              *': OK') good=$((good + 1)) ;;
              *': FAILED'*)
                bad=$((bad + 1))
                name=${line%': FAILED'*}
                if [ -e "$name" ]; then
                  echo "\(say("CHANGED", "MODIFIÉ"))   $name"
                else
                  echo "\(say("MISSING", "MANQUANT"))  $name"
                fi ;;
            esac
          done
          listed=$(grep -c . "$1")
          echo "$1\(say(":", "\u{202F}:")) $good / $listed"
          if [ $((good + bad)) -ne "$listed" ]; then
            echo "\(say("DAMAGED LIST", "LISTE ABÎMÉE"))  $1"
            bad=1
          fi
          [ "$bad" -eq 0 ]
        }
      }

      echo "\(say("Checking; this can take a while…", "Vérification en cours ; cela peut durer…"))"
      all=0
      check tagmanifest-sha256.txt || all=1
      check manifest-sha256.txt || all=1
      if [ "$all" -eq 0 ]; then
        echo "\(say("All files are as they were when you got them.", "Tous les fichiers sont tels que vous les avez reçus."))"
      else
        echo "\(say("Something differs: see the lines above.", "Quelque chose diffère : voyez les lignes ci-dessus."))"
      fi
      case $0 in
        *.command)
          if [ -t 0 ]; then
            echo "\(say("Press Enter to close.", "Appuyez sur Entrée pour fermer."))"
            read -r _
          fi ;;
      esac
      exit "$all"

      """
  }

  private static func batch(_ name: String) -> String {
    "@echo off\r\npowershell -NoProfile -ExecutionPolicy Bypass -File \"%~dp0\(name).ps1\"\r\npause\r\n"
  }

  /// For Windows PowerShell 5 and later. Its names are what .NET has had since Windows 7.
  private static func powerShell(_ language: Language) -> String {
    func say(_ english: String, _ french: String) -> String { language.prose(english, french) }
    return """
      # \(say("Checks every file of this folder against its fingerprint.", "Compare chaque fichier de ce dossier à son empreinte."))
      $here = (Split-Path -Parent $MyInvocation.MyCommand.Path).TrimEnd('\\')

      # Paths of more than 260 characters need their long form.
      function Get-Place($name) {
        $path = $here + '\\' + $name.Replace('/', '\\')
        if ($path.Length -lt 248) { return $path }
        if ($path.StartsWith('\\\\')) { return '\\\\?\\UNC\\' + $path.Substring(2) }
        return '\\\\?\\' + $path
      }

      $sha = [Security.Cryptography.SHA256]::Create()

      function Test-List($list) {
        $good = 0; $bad = 0; $listed = 0
        try { $lines = [IO.File]::ReadAllLines((Get-Place $list)) } catch {
          Write-Host "\(say("MISSING", "MANQUANT"))  $list"; return $false
        }
        foreach ($line in $lines) {
          if ($line -eq '') { continue }
          $listed++
          if ($line -cnotmatch '^([0-9a-f]{64})  (.+)$') {
            Write-Host "\(say("DAMAGED LIST", "LISTE ABÎMÉE"))  $list"; $bad++; continue
          }
          $digest = $Matches[1]; $name = $Matches[2]
          $path = Get-Place $name
          if (-not [IO.File]::Exists($path)) {
            Write-Host "\(say("MISSING", "MANQUANT"))  $name"; $bad++; continue
          }
          $found = ''
          try {
            $stream = [IO.File]::OpenRead($path)
            try { $found = [BitConverter]::ToString($sha.ComputeHash($stream)).Replace('-', '').ToLowerInvariant() }
            finally { $stream.Dispose() }
          } catch { }
          if ($found -ceq $digest) { $good++ } else {
            Write-Host "\(say("CHANGED", "MODIFIÉ"))   $name"; $bad++
          }
        }
        Write-Host "$list \(say(":", "\u{202F}:")) $good / $listed"
        return ($bad -eq 0)
      }

      Write-Host "\(say("Checking; this can take a while…", "Vérification en cours ; cela peut durer…"))"
      $tags = Test-List 'tagmanifest-sha256.txt'
      $data = Test-List 'manifest-sha256.txt'
      if ($tags -and $data) {
        Write-Host "\(say("All files are as they were when you got them.", "Tous les fichiers sont tels que vous les avez reçus."))"; exit 0
      }
      Write-Host "\(say("Something differs: see the lines above.", "Quelque chose diffère : voyez les lignes ci-dessus."))"
      exit 1

      """
  }
}
