# Exit code 1 if a source is newer than the stamp (its path is the argument), or there is no stamp. Folders count, so deletions are seen.
param([string]$Stamp)
if (-not (Test-Path -LiteralPath $Stamp)) { exit 1 }
$built = (Get-Item -LiteralPath $Stamp).LastWriteTimeUtc
$root = Split-Path $PSScriptRoot
$trees = @((Join-Path $root 'src'), (Join-Path $root 'build'))
$sources = @(Get-Item -LiteralPath $trees) + @(Get-ChildItem -Recurse -LiteralPath $trees) +
    @(Get-ChildItem (Join-Path $root 'Directory.*.*')) + @(Get-Item (Join-Path $root 'global.json'))
if ($sources.Where({ $_.LastWriteTimeUtc -gt $built }, 'First')) { exit 1 }
exit 0
