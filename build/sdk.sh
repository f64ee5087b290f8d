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

# Says for which device the engine is to be, cpu or cuda; Directory.Build.props takes its package. Another word is a usage error.
torch_engine() {
  case ${LOWRANK_TORCH:-cpu} in
    cpu|cuda) echo "${LOWRANK_TORCH:-cpu}" ;;
    *) echo "LOWRANK_TORCH is \"$LOWRANK_TORCH\", and can be cpu or cuda" >&2; return 2 ;;
  esac
}
