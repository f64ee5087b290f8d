# Sourced by lowrank and test. Finds dotnet (the installer that needs no administrator puts it into ~/.dotnet, outside the PATH).
# shellcheck shell=bash
command -v dotnet >/dev/null || PATH=$PATH:${DOTNET_ROOT:-$HOME/.dotnet}

need_dotnet() { # folder: the SDK that global.json there asks for must be present, or the program ends with advice
  local version
  version=$(cd "$1" && dotnet --version 2>/dev/null) || version=none
  case $version in
    10.*) ;;
    *) cat "$1/build/no-dotnet.txt" >&2; exit 1 ;;
  esac
}
